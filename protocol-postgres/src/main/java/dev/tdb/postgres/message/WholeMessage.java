package dev.tdb.postgres.message;

import dev.tdb.proxy.refusal.ProtocolViolation;
import io.netty.buffer.ByteBuf;
import java.util.Optional;

/**
 * A message with its type byte, all of which has arrived: for logins and the proxy's own questions, where messages are
 * small. What is relayed is never cut like this.
 *
 * @param body what follows the length: a view that lasts until the next read of the buffer it came from
 */
public record WholeMessage(byte type, ByteBuf body) {
    private static final int HEADER_BYTES = 5;

    /**
     * Takes the next message off {@code in}, once it is whole.
     *
     * @throws ProtocolViolation as soon as its length is not one of 4 to {@code lengthMax}
     */
    public static Optional<WholeMessage> read(ByteBuf in, int lengthMax) {
        if (in.readableBytes() < HEADER_BYTES) {
            return Optional.empty();
        }
        int start = in.readerIndex();
        int length = in.getInt(start + 1); // counts itself, not the type byte
        if (length < Integer.BYTES || length > lengthMax) {
            throw new ProtocolViolation("a message of length " + length);
        }
        if (in.readableBytes() < 1 + length) {
            return Optional.empty();
        }
        byte type = in.getByte(start);
        in.skipBytes(HEADER_BYTES);
        return Optional.of(new WholeMessage(type, in.readSlice(length - Integer.BYTES)));
    }
}
