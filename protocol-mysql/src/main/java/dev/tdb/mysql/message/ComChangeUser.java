package dev.tdb.mysql.message;

import dev.tdb.proxy.credential.Secret;
import io.netty.buffer.ByteBuf;
import java.util.Map;

/**
 * COM_CHANGE_USER (client to server): log in again on the same connection, which is as good as new then.
 *
 * @param authResponse a proof by {@code authPlugin}, with the nonce of the connection
 * @param database empty for none
 * @param collation 0 when the client did not say
 * @param authPlugin empty when the client did not say
 * @see <a href="https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_com_change_user.html">COM_CHANGE_USER</a>
 */
public record ComChangeUser(String user, Secret authResponse, String database, int collation, String authPlugin) {
    /** @param payload from its first byte on; what is behind the plugin's name is not read */
    public static ComChangeUser decode(ByteBuf payload) {
        WireText.need(payload, 1);
        payload.skipBytes(1);
        String user = WireText.readToZero(payload);
        WireText.need(payload, 1);
        Secret response = Secret.of(WireText.readBytes(payload, payload.readUnsignedByte()));
        String database = WireText.readToZero(payload);
        int collation = payload.readableBytes() < 2 ? 0 : payload.readUnsignedShortLE();
        String plugin = payload.isReadable() ? WireText.readToZero(payload) : "";
        return new ComChangeUser(user, response, database, collation, plugin);
    }

    /** The same as at a login. */
    public HandshakeResponse41 toResponse(int capabilities) {
        return new HandshakeResponse41(capabilities, 0, collation, user, authResponse, database, authPlugin, Map.of());
    }

    /** Appends the payload. */
    public void encode(ByteBuf out) {
        byte[] response = authResponse.bytes();
        out.writeByte(CommandCode.CHANGE_USER);
        WireText.writeToZero(out, user);
        out.writeByte(response.length).writeBytes(response);
        WireText.writeToZero(out, database);
        out.writeShortLE(collation);
        WireText.writeToZero(out, authPlugin);
    }
}
