package dev.tdb.mysql.codec;

import dev.tdb.mysql.message.Packets;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;

/**
 * One direction of a conversation as it passes. Most bytes stay where they lie and go on with the buffer they came in;
 * what must be looked at together is gathered, should it come in several reads; what must be changed of the same length
 * is changed in place, and only what is longer or shorter is taken out and replaced.
 *
 * <pre>
 *   readerIndex        from          at                 end
 *   ├── sent already ──┼── looked at ┼── not looked at ──┤
 * </pre>
 *
 * <p>Belongs to one event loop. Owns no buffer it is shown, but may write into it.
 */
public abstract class PacketStream {
    private final ByteBufAllocator allocator;
    private ByteBuf in = Unpooled.EMPTY_BUFFER;
    private int at;
    private int end;
    private int from;
    private ByteBuf carry = Unpooled.EMPTY_BUFFER;
    private int rest;
    private boolean continues;
    private boolean dropping;
    private long passedBytes;

    protected PacketStream(ByteBufAllocator allocator) {
        this.allocator = allocator;
    }

    /** Sends bytes that come before all that is still in the buffer at hand; owns them. */
    protected abstract void emit(ByteBuf bytes);

    protected final ByteBufAllocator allocator() {
        return allocator;
    }

    protected final void begin(ByteBuf bytes) {
        in = bytes;
        at = bytes.readerIndex();
        from = at;
        end = bytes.writerIndex();
    }

    /**
     * Moves the reader index behind what was sent or taken out.
     *
     * @return how many bytes from there on may go as they are
     */
    protected final int finish() {
        in.readerIndex(from);
        in = Unpooled.EMPTY_BUFFER;
        return at - from;
    }

    protected final boolean hasMore() {
        return at < end;
    }

    // ---- what must be together

    /** Whether {@code count} bytes are together, from {@link #headIndex()} on; if not, what there is of them is kept. */
    protected final boolean gather(int count) {
        if (carry.isReadable()) {
            int taken = Math.min(count - carry.readableBytes(), end - at);
            if (taken > 0) {
                carry.writeBytes(in, at, taken);
                at += taken;
                from = at;
            }
            return carry.readableBytes() >= count;
        }
        if (end - at >= count) {
            return true;
        }
        if (at < end) {
            sendUpTo(at);
            carry = allocator.buffer(Math.max(count, Packets.HEADER_BYTES * 4));
            carry.writeBytes(in, at, end - at);
            at = end;
            from = end;
        }
        return false;
    }

    /** Where the gathered bytes are; they may be changed there. */
    protected final ByteBuf head() {
        return carry.isReadable() ? carry : in;
    }

    protected final int headIndex() {
        return carry.isReadable() ? carry.readerIndex() : at;
    }

    /** How many bytes were gathered; {@code count} of them were asked for at least. */
    protected final int gathered(int count) {
        return carry.isReadable() ? carry.readableBytes() : count;
    }

    /** The gathered bytes, all {@code count} of them, go on. */
    protected final void passHead(int count) {
        passedBytes += count;
        if (carry.isReadable()) {
            ByteBuf whole = carry;
            carry = Unpooled.EMPTY_BUFFER;
            emit(whole);
        } else {
            at += count;
        }
    }

    /** The gathered bytes, all {@code count} of them, do not. */
    protected final void dropHead(int count) {
        if (carry.isReadable()) {
            carry.release();
            carry = Unpooled.EMPTY_BUFFER;
        } else {
            sendUpTo(at);
            at += count;
            from = at;
        }
    }

    /** Bytes of our own come here; owns them. */
    protected final void insert(ByteBuf bytes) {
        sendUpTo(at);
        passedBytes += bytes.readableBytes();
        emit(bytes);
    }

    private void sendUpTo(int index) {
        if (index > from) {
            emit(in.retainedSlice(from, index - from));
        }
        from = index;
    }

    // ---- what need not be together

    /**
     * The payload of a packet goes on, or is taken out, piece by piece.
     *
     * @param bytes of it that are still to come
     * @param isContinued whether another packet goes on with it
     * @param isDropped whether it is taken out
     */
    protected final void stream(int bytes, boolean isContinued, boolean isDropped) {
        rest = bytes;
        continues = isContinued;
        dropping = isDropped;
    }

    /** Whether a payload is under way: {@link #pass()} goes on with it. */
    protected final boolean isStreaming() {
        return rest > 0 || continues;
    }

    protected final boolean isDropping() {
        return dropping;
    }

    /**
     * Goes on with the payload that is under way.
     *
     * @return whether it is over
     */
    protected final boolean pass() {
        if (rest > 0) {
            int count = Math.min(rest, end - at);
            onPart(in, at, count);
            move(count);
            rest -= count;
        } else if (gather(Packets.HEADER_BYTES)) {
            int length = head().getUnsignedMediumLE(headIndex());
            onContinued(head(), headIndex() + 3);
            if (dropping) {
                dropHead(Packets.HEADER_BYTES);
            } else {
                passHead(Packets.HEADER_BYTES);
            }
            rest = length;
            continues = length == Packets.PAYLOAD_BYTES_MAX;
        } else {
            return false;
        }
        return !isStreaming();
    }

    private void move(int count) {
        if (dropping) {
            sendUpTo(at);
            at += count;
            from = at;
        } else {
            passedBytes += count;
            at += count;
        }
    }

    /** A piece of the payload that is under way. */
    protected abstract void onPart(ByteBuf bytes, int index, int count);

    /** Another packet goes on with the payload; its sequence id is at {@code index}. */
    protected abstract void onContinued(ByteBuf bytes, int index);

    // ---- where it stands

    /** Whether only a part of a message was seen. */
    public final boolean isMidMessage() {
        return carry.isReadable() || isStreaming();
    }

    /** Whether only a part of a message was passed on. */
    public final boolean isMidPassing() {
        return isStreaming() && !dropping;
    }

    /** How many of the bytes in {@code bytes} complete the message that was passed on in part. */
    public final int restOf(ByteBuf bytes) {
        int readable = bytes.readableBytes();
        int count = carry.isReadable() ? 0 : Math.min(rest, readable);
        int left = rest - count;
        boolean more = continues;
        int headerBytesThere = carry.readableBytes();
        while (left == 0 && more && count < readable) {
            int missing = Packets.HEADER_BYTES - headerBytesThere;
            if (readable - count < missing || headerBytesThere > 0) {
                return readable;
            }
            int length = bytes.getUnsignedMediumLE(bytes.readerIndex() + count);
            count += missing;
            more = length == Packets.PAYLOAD_BYTES_MAX;
            int step = Math.min(length, readable - count);
            count += step;
            left = length - step;
        }
        return count;
    }

    /** How many bytes were passed on in all. */
    protected final long passedBytes() {
        return passedBytes;
    }

    /** Gives back what was kept. */
    public void close() {
        carry.release();
        carry = Unpooled.EMPTY_BUFFER;
        rest = 0;
        continues = false;
    }
}
