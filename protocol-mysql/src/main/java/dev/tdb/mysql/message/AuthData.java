package dev.tdb.mysql.message;

import dev.tdb.proxy.credential.Secret;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * AuthSwitchResponse and what else a client says to a plugin (client to server): bytes that only the plugin knows to read.
 *
 * @see <a href="https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_connection_phase_packets_protocol_auth_switch_response.html">AuthSwitchResponse</a>
 */
public record AuthData(Secret data) {
    public static AuthData decode(ByteBuf payload) {
        return new AuthData(Secret.of(WireText.readBytes(payload, payload.readableBytes())));
    }

    /** A password as plugins take it: with a zero behind it. */
    public static AuthData ofPassword(Secret password) {
        byte[] bytes = password.bytes();
        return new AuthData(Secret.of(Arrays.copyOf(bytes, bytes.length + 1)));
    }

    /** The password that {@link #ofPassword} was made of. */
    public Secret password() {
        byte[] bytes = data.bytes();
        boolean zero = bytes.length > 0 && bytes[bytes.length - 1] == 0;
        return Secret.of(zero ? Arrays.copyOf(bytes, bytes.length - 1) : bytes);
    }

    /** The bytes as text: a public key in PEM. */
    public String text() {
        return new String(data.bytes(), StandardCharsets.US_ASCII);
    }

    /** Appends the payload. */
    public void encode(ByteBuf out) {
        out.writeBytes(data.bytes());
    }
}
