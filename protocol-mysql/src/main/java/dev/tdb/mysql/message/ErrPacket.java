package dev.tdb.mysql.message;

import dev.tdb.proxy.refusal.NativeErrors;
import dev.tdb.proxy.refusal.Refusal;
import io.netty.buffer.ByteBuf;

/**
 * ERR_Packet (server to client): why a command, or the connection, ended.
 *
 * @param sqlState five characters; empty where a server has not come to say it yet
 * @see <a href="https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_basic_err_packet.html">ERR_Packet</a>
 */
public record ErrPacket(int code, String sqlState, String message) {
    public static final int FIRST = 0xff;

    private static final int SQL_STATE_BYTES = 5;

    /** What a client is told. */
    public static ErrPacket of(Refusal refusal) {
        NativeErrors codes = NativeErrors.of(refusal);
        return new ErrPacket(codes.mysqlErrno(), codes.mysqlState(), refusal.sentence());
    }

    public static ErrPacket decode(ByteBuf payload) {
        WireText.need(payload, 3);
        payload.skipBytes(1);
        int code = payload.readUnsignedShortLE();
        String state = "";
        if (payload.isReadable() && payload.getByte(payload.readerIndex()) == '#') {
            payload.skipBytes(1);
            state = new String(
                    WireText.readBytes(payload, SQL_STATE_BYTES), java.nio.charset.StandardCharsets.ISO_8859_1);
        }
        return new ErrPacket(code, state, WireText.readRest(payload));
    }

    /** Appends the payload. */
    public void encode(ByteBuf out) {
        out.writeByte(FIRST).writeShortLE(code);
        out.writeByte('#');
        WireText.write(out, sqlState);
        WireText.write(out, message);
    }
}
