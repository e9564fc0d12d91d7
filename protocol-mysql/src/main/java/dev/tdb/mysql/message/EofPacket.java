package dev.tdb.mysql.message;

import io.netty.buffer.ByteBuf;

/**
 * EOF_Packet (server to client): the end of column definitions or of rows, for clients that do not know the {@link
 * OkPacket} in its place.
 *
 * @see <a href="https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_basic_eof_packet.html">EOF_Packet</a>
 */
public record EofPacket(int warnings, int status) {
    public static final int FIRST = 0xfe;
    public static final int PAYLOAD_BYTES = 5;

    public static EofPacket decode(ByteBuf payload) {
        WireText.need(payload, PAYLOAD_BYTES);
        payload.skipBytes(1);
        return new EofPacket(payload.readUnsignedShortLE(), payload.readUnsignedShortLE());
    }

    /** Appends the payload. */
    public void encode(ByteBuf out) {
        out.writeByte(FIRST).writeShortLE(warnings).writeShortLE(status);
    }
}
