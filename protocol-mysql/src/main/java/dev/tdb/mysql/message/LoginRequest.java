package dev.tdb.mysql.message;

import dev.tdb.proxy.refusal.ProtocolViolation;
import io.netty.buffer.ByteBuf;

/** What a client may answer to a {@link HandshakeV10}: the wish for TLS, or who it is. They begin alike. */
public sealed interface LoginRequest permits SSLRequest, HandshakeResponse41 {
    /** Capabilities, longest packet, collation and what is reserved: all of an SSLRequest. */
    int HEAD_BYTES = 32;

    int RESERVED_BYTES = 23;

    /** @throws ProtocolViolation also for a client of before 4.1 */
    static LoginRequest decode(ByteBuf payload) {
        WireText.need(payload, 2);
        if (!Capabilities.has(payload.getUnsignedShortLE(payload.readerIndex()), Capabilities.PROTOCOL_41)) {
            throw new ProtocolViolation("a client that does not speak protocol 4.1");
        }
        WireText.need(payload, HEAD_BYTES);
        boolean whole = payload.readableBytes() > HEAD_BYTES;
        int capabilities = payload.readIntLE();
        int packetBytesMax = payload.readIntLE();
        int collation = payload.readUnsignedByte();
        payload.skipBytes(RESERVED_BYTES);
        if (!whole) {
            if (!Capabilities.has(capabilities, Capabilities.SSL)) {
                throw new ProtocolViolation("a login that ends before it says whose it is");
            }
            return new SSLRequest(capabilities, packetBytesMax, collation);
        }
        return HandshakeResponse41.decode(capabilities, packetBytesMax, collation, payload);
    }

    private static void writeHead(ByteBuf out, int capabilities, int packetBytesMax, int collation) {
        out.writeIntLE(capabilities);
        out.writeIntLE(packetBytesMax);
        out.writeByte(collation);
        out.writeZero(RESERVED_BYTES);
    }

    int capabilities();

    int packetBytesMax();

    int collation();

    /** Appends the payload. */
    default void encode(ByteBuf out) {
        writeHead(out, capabilities(), packetBytesMax(), collation());
    }
}
