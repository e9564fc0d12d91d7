package dev.tdb.mysql.message;

import dev.tdb.proxy.credential.Secret;
import io.netty.buffer.ByteBuf;

/**
 * AuthMoreData (server to client): what a plugin has to say beyond its nonce.
 *
 * @see <a href="https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_connection_phase_packets_protocol_auth_more_data.html">AuthMoreData</a>
 */
public record AuthMoreData(Secret data) {
    public static final int FIRST = 0x01;
    /** caching_sha2_password: the proof was enough. */
    public static final byte FAST_AUTH_SUCCESS = 3;
    /** caching_sha2_password: the password itself is needed, within TLS or enciphered by RSA. */
    public static final byte PERFORM_FULL_AUTHENTICATION = 4;
    /** What a client says to {@link #PERFORM_FULL_AUTHENTICATION} that wants the server's public key. */
    public static final byte REQUEST_PUBLIC_KEY = 2;

    public static AuthMoreData decode(ByteBuf payload) {
        WireText.need(payload, 1);
        payload.skipBytes(1);
        return new AuthMoreData(Secret.of(WireText.readBytes(payload, payload.readableBytes())));
    }

    /** Whether that is all it says. */
    public boolean is(byte one) {
        return data.length() == 1 && data.bytes()[0] == one;
    }

    /** Appends the payload. */
    public void encode(ByteBuf out) {
        out.writeByte(FIRST).writeBytes(data.bytes());
    }
}
