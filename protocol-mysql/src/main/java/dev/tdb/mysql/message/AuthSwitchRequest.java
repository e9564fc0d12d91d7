package dev.tdb.mysql.message;

import dev.tdb.proxy.credential.Secret;
import dev.tdb.proxy.refusal.ProtocolViolation;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * AuthSwitchRequest (server to client): prove it again, by another plugin and with another nonce.
 *
 * @param nonce 20 bytes, or none for a plugin that needs none
 * @see <a href="https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_connection_phase_packets_protocol_auth_switch_request.html">AuthSwitchRequest</a>
 */
public record AuthSwitchRequest(String plugin, Secret nonce) {
    public static final int FIRST = 0xfe;

    public static AuthSwitchRequest decode(ByteBuf payload) {
        WireText.need(payload, 1);
        payload.skipBytes(1);
        if (!payload.isReadable()) {
            throw new ProtocolViolation("the server wants a password hashed as before 4.1");
        }
        String plugin = WireText.readToZero(payload);
        byte[] data = WireText.readBytes(payload, payload.readableBytes());
        boolean zero = data.length > 0 && data[data.length - 1] == 0;
        return new AuthSwitchRequest(plugin, Secret.of(zero ? Arrays.copyOf(data, data.length - 1) : data));
    }

    /** Appends the payload. */
    public void encode(ByteBuf out) {
        out.writeByte(FIRST);
        WireText.writeToZero(out, plugin);
        out.writeBytes(nonce.bytes()).writeByte(0);
    }
}
