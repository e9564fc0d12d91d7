package dev.tdb.mysql.message;

import dev.tdb.proxy.refusal.ProtocolViolation;
import io.netty.buffer.ByteBuf;
import java.util.Optional;

/**
 * A packet all of which has arrived: for logins and the proxy's own questions, where packets are small. What is relayed is
 * never cut like this.
 *
 * @param payload a view that lasts until the next read of the buffer it came from
 */
public record WholePacket(int sequence, ByteBuf payload) {
    /**
     * Takes the next packet off {@code in}, once it is whole.
     *
     * @throws ProtocolViolation as soon as it is longer than {@code lengthMax}
     */
    public static Optional<WholePacket> read(ByteBuf in, int lengthMax) {
        if (in.readableBytes() < Packets.HEADER_BYTES) {
            return Optional.empty();
        }
        int start = in.readerIndex();
        int length = in.getUnsignedMediumLE(start);
        if (length > lengthMax) {
            throw new ProtocolViolation("a packet of " + length + " bytes");
        }
        if (in.readableBytes() < Packets.HEADER_BYTES + length) {
            return Optional.empty();
        }
        int sequence = in.getUnsignedByte(start + 3);
        in.skipBytes(Packets.HEADER_BYTES);
        return Optional.of(new WholePacket(sequence, in.readSlice(length)));
    }

    /** The first byte, by which most packets are known; -1 of an empty one. */
    public int first() {
        return payload.isReadable() ? payload.getUnsignedByte(payload.readerIndex()) : -1;
    }
}
