package dev.tdb.mysql.codec;

import dev.tdb.proxy.frontend.StreamCodec;
import dev.tdb.proxy.refusal.ProtocolViolation;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The compressed protocol: frames around packets, however those lie in them.
 *
 * <pre>
 *   3 bytes   length of what follows the header
 *   1 byte    sequence id, which counts the frames of a command and its reply
 *   3 bytes   length before it was compressed; 0 for what was not
 * </pre>
 *
 * @see <a href="https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_basic_compression.html">Compression</a>
 */
public final class CompressedStream implements StreamCodec {
    static final int HEADER_BYTES = 7;
    /** What is shorter is not worth it. */
    static final int COMPRESSED_BYTES_MIN = 50;
    /** Of what comes out at once, and of what a frame of ours stands for. */
    static final int PIECE_BYTES = 64 << 10;

    private final Compression compression;
    private final ByteBufAllocator allocator;
    /** What was not looked at yet: direct, and in one piece. */
    private ByteBuf kept = Unpooled.EMPTY_BUFFER;

    private int rest;
    private int plainRest;
    private @Nullable Unpacking unpacking;
    private int nextSequence;
    private boolean encoding;

    public CompressedStream(Compression compression, ByteBufAllocator allocator) {
        this.compression = compression;
        this.allocator = allocator;
    }

    // ---- from the client

    @Override
    public void add(ByteBuf bytes) {
        if (!kept.isReadable() && bytes.isDirect() && bytes.nioBufferCount() == 1) {
            kept.release();
            kept = bytes;
            return;
        }
        ByteBuf together = allocator.directBuffer(kept.readableBytes() + bytes.readableBytes());
        together.writeBytes(kept).writeBytes(bytes);
        kept.release();
        bytes.release();
        kept = together;
    }

    @Override
    public Optional<ByteBuf> next() {
        Optional<ByteBuf> piece = nextPiece();
        if (!kept.isReadable()) {
            kept.release();
            kept = Unpooled.EMPTY_BUFFER;
        }
        return piece;
    }

    private Optional<ByteBuf> nextPiece() {
        while (rest > 0 || unpacking != null || header()) {
            if (unpacking == null && rest > 0) {
                return stored();
            }
            if (unpacking != null) {
                ByteBuf piece = unpacked(unpacking);
                if (piece.isReadable()) {
                    return Optional.of(piece);
                }
                piece.release();
                if (unpacking != null) {
                    return Optional.empty();
                }
            }
        }
        return Optional.empty();
    }

    private boolean header() {
        if (kept.readableBytes() < HEADER_BYTES) {
            return false;
        }
        rest = kept.readUnsignedMediumLE();
        nextSequence = kept.readUnsignedByte() + 1 & 0xff;
        plainRest = kept.readUnsignedMediumLE();
        unpacking = plainRest == 0 ? null : compression.unpacking();
        return true;
    }

    private Optional<ByteBuf> stored() {
        int count = Math.min(Math.min(rest, kept.readableBytes()), PIECE_BYTES);
        if (count == 0) {
            return Optional.empty();
        }
        rest -= count;
        return Optional.of(kept.readBytes(count));
    }

    private ByteBuf unpacked(Unpacking frame) {
        // One byte more than may come: then it is seen to be too many.
        int room = Math.min(plainRest + 1, PIECE_BYTES);
        ByteBuf piece = allocator.directBuffer(room, room);
        try {
            int before = kept.readerIndex();
            frame.unpack(kept, Math.min(rest, kept.readableBytes()), piece);
            rest -= kept.readerIndex() - before;
            plainRest -= piece.readableBytes();
            if (plainRest < 0 || (frame.isDone() && (plainRest > 0 || rest > 0))) {
                throw new ProtocolViolation("a compressed packet of another length than it says");
            }
            if (frame.isDone()) {
                frame.close();
                unpacking = null;
            } else if (rest == 0 && !piece.isReadable()) {
                throw new ProtocolViolation("a compressed packet that ends early");
            }
            return piece;
        } catch (ProtocolViolation violation) {
            piece.release();
            throw violation;
        }
    }

    // ---- to the client

    /** The client has been told that it is in: from there on it expects frames. */
    public void begin() {
        encoding = true;
    }

    @Override
    public boolean isEncoding() {
        return encoding;
    }

    @Override
    public void encode(ByteBuf plain, ByteBuf out) {
        for (int at = plain.readerIndex(); at < plain.writerIndex(); at += PIECE_BYTES) {
            encodeOne(plain.slice(at, Math.min(PIECE_BYTES, plain.writerIndex() - at)), out);
        }
    }

    private void encodeOne(ByteBuf plain, ByteBuf out) {
        int start = out.writerIndex();
        int count = plain.readableBytes();
        out.writeZero(HEADER_BYTES);
        boolean packs = count >= COMPRESSED_BYTES_MIN;
        if (packs) {
            compression.pack(plain, out);
            packs = out.writerIndex() - start - HEADER_BYTES < count;
        }
        if (!packs) {
            out.writerIndex(start + HEADER_BYTES).writeBytes(plain);
        }
        out.setMediumLE(start, out.writerIndex() - start - HEADER_BYTES);
        out.setByte(start + 3, nextSequence);
        out.setMediumLE(start + 4, packs ? count : 0);
        nextSequence = nextSequence + 1 & 0xff;
    }

    @Override
    public void close() {
        kept.release();
        kept = Unpooled.EMPTY_BUFFER;
        if (unpacking != null) {
            unpacking.close();
            unpacking = null;
        }
    }
}
