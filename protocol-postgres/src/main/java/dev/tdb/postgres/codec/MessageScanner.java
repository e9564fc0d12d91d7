package dev.tdb.postgres.codec;

import dev.tdb.proxy.refusal.ProtocolViolation;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * Looks at one direction of a conversation as it passes, in place: five-byte headers are read where they lie, bodies are
 * stepped over. Of a message that came in several reads only the prefix is copied that {@link #wantedBytes} asks for, so
 * memory is bounded whatever a message's length.
 *
 * <p>Belongs to one event loop. Owns no buffer it is shown.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-overview.html">Overview of the message format</a>
 */
public abstract class MessageScanner {
    /** The type byte and the length. */
    public static final int HEADER_BYTES = 5;

    private static final int LENGTH_BYTES = 4;
    private static final int PREFIX_KEPT_BYTES = 1024;

    private final int bodyBytesMax;
    private int headerBytes;
    private byte type;
    private int length;
    private boolean inBody;
    private int bodyBytes;
    private int restBytes;
    private int prefixBytesMax;
    private @Nullable ByteBuf prefix;
    private long scannedBytes;
    private boolean split;
    private long nowNanos;
    private long beganNanos;

    /** @param bodyBytesMax a longer body is a violation */
    protected MessageScanner(int bodyBytesMax) {
        this.bodyBytesMax = bodyBytesMax;
    }

    /** Whether a message that begins now may be looked at; where this says no, the scan ends before it. */
    protected abstract boolean admits(byte type);

    /** How much of the body must be at hand in {@link #onMessage}, should the message come in several reads. */
    protected abstract int wantedBytes(byte type);

    /**
     * A message has been seen whole.
     *
     * @param body has the body, or its prefix, from {@code index} on
     * @param bodyBytes the body's length
     * @param atHandBytes how much of the body is in {@code body}: all of it, or at least the wanted prefix
     */
    protected abstract void onMessage(byte type, ByteBuf body, int index, int bodyBytes, int atHandBytes);

    /** A piece of the body of a message that comes in several reads. */
    protected abstract void onPart(byte type, ByteBuf in, int index, int count);

    /**
     * Looks at what is readable in {@code in}, without moving the reader index.
     *
     * @param nowNanos when it was read
     * @return how many bytes were looked at: all, or as many as lie before a message that was not admitted
     */
    public final int scan(ByteBuf in, long nowNanos) {
        this.nowNanos = nowNanos;
        int start = in.readerIndex();
        int end = in.writerIndex();
        int at = start;
        while (at < end) {
            if (inBody) {
                at = goOn(in, at, end);
            } else if (headerBytes > 0) {
                at = readSplitHeader(in, at, end);
            } else if (end - at >= Long.BYTES) {
                // The type and the length in one access, for the sake of rows.
                long header = in.getLong(at);
                byte next = (byte) (header >>> 56);
                if (!admits(next)) {
                    break;
                }
                at = readMessage(next, (int) (header >>> 24), in, at, end);
            } else {
                byte next = in.getByte(at);
                if (!admits(next)) {
                    break;
                }
                if (end - at < HEADER_BYTES) {
                    type = next;
                    beganNanos = nowNanos;
                    at = readSplitHeader(in, at, end);
                } else {
                    at = readMessage(next, in.getInt(at + 1), in, at, end);
                }
            }
        }
        return at - start;
    }

    private int readMessage(byte next, int lengthField, ByteBuf in, int at, int end) {
        int count = checked(next, lengthField);
        int bodyIndex = at + HEADER_BYTES;
        scannedBytes += HEADER_BYTES;
        if (end - bodyIndex < count) {
            type = next;
            beganNanos = nowNanos;
            begin(count);
            return bodyIndex;
        }
        scannedBytes += count;
        beganNanos = nowNanos;
        split = false;
        onMessage(next, in, bodyIndex, count, count);
        return bodyIndex + count;
    }

    private int readSplitHeader(ByteBuf in, int from, int end) {
        int at = from;
        while (at < end && headerBytes < HEADER_BYTES) {
            byte next = in.getByte(at++);
            if (headerBytes > 0) {
                length = (length << Byte.SIZE) | (next & 0xFF);
            }
            headerBytes++;
            scannedBytes++;
        }
        if (headerBytes == HEADER_BYTES) {
            int count = checked(type, length);
            headerBytes = 0;
            length = 0;
            begin(count);
            if (count == 0) {
                end();
            }
        }
        return at;
    }

    private void begin(int count) {
        inBody = true;
        bodyBytes = count;
        restBytes = count;
        prefixBytesMax = Math.min(count, wantedBytes(type));
    }

    private int goOn(ByteBuf in, int at, int end) {
        int count = Math.min(restBytes, end - at);
        int prefixBytes = prefix == null ? 0 : prefix.readableBytes();
        if (prefixBytes < prefixBytesMax) {
            if (prefix == null) {
                prefix = Unpooled.buffer(
                        Math.min(prefixBytesMax, PREFIX_KEPT_BYTES), prefixBytesMax + PREFIX_KEPT_BYTES);
            }
            prefix.writeBytes(in, at, Math.min(count, prefixBytesMax - prefixBytes));
        }
        onPart(type, in, at, count);
        restBytes -= count;
        scannedBytes += count;
        if (restBytes == 0) {
            end();
        }
        return at + count;
    }

    private void end() {
        inBody = false;
        split = true;
        ByteBuf body = prefix == null ? Unpooled.EMPTY_BUFFER : prefix;
        prefix = null;
        onMessage(type, body, body.readerIndex(), bodyBytes, body.readableBytes());
    }

    private int checked(byte of, int lengthField) {
        if (lengthField < LENGTH_BYTES || lengthField - LENGTH_BYTES > bodyBytesMax) {
            throw new ProtocolViolation("a message of type " + (of & 0xFF) + " and length " + lengthField);
        }
        return lengthField - LENGTH_BYTES;
    }

    /** Whether only a part of a message has been seen. */
    public final boolean isMidMessage() {
        return inBody || headerBytes > 0;
    }

    /** The stream ended within a message, and another begins. */
    protected final void forgetHalf() {
        headerBytes = 0;
        length = 0;
        inBody = false;
        prefix = null;
    }

    /** How many of the bytes in {@code in} complete the message that is half seen; 0 when none is. */
    public final int rest(ByteBuf in) {
        int readable = in.readableBytes();
        if (inBody) {
            return Math.min(restBytes, readable);
        }
        if (headerBytes == 0) {
            return 0;
        }
        int missing = HEADER_BYTES - headerBytes;
        if (readable < missing) {
            return readable;
        }
        int field = length;
        for (int i = 0; i < missing; i++) {
            field = (field << Byte.SIZE) | (in.getByte(in.readerIndex() + i) & 0xFF);
        }
        return (int) Math.min((long) missing + checked(type, field), readable);
    }

    /** The type of the message that is half seen. */
    protected final byte presentType() {
        return type;
    }

    /** How many bytes of this direction have been seen, those of the message at hand included. */
    protected final long scannedBytes() {
        return scannedBytes;
    }

    /** Whether the message at hand came in several reads, and its body through {@link #onPart}. */
    protected final boolean wasSplit() {
        return split;
    }

    /** When the first byte of the message at hand was read. */
    protected final long beganNanos() {
        return beganNanos;
    }
}
