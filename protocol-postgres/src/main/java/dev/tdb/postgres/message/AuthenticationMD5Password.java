package dev.tdb.postgres.message;

import dev.tdb.proxy.credential.Secret;
import io.netty.buffer.ByteBuf;

/**
 * AuthenticationMD5Password: a hash of the password is asked for.
 *
 * @param salt 4 bytes
 * @see <a href="https://www.postgresql.org/docs/current/protocol-message-formats.html">Message Formats</a>
 */
public record AuthenticationMD5Password(Secret salt) implements Authentication {
    static final int CODE = 5;
    private static final int SALT_BYTES = 4;

    static AuthenticationMD5Password decode(ByteBuf body) {
        return new AuthenticationMD5Password(Secret.of(WireText.readBytes(body, SALT_BYTES)));
    }

    @Override
    public void encode(ByteBuf out) {
        int start = WireText.begin(out, TYPE);
        out.writeInt(CODE).writeBytes(salt.bytes());
        WireText.end(out, start);
    }
}
