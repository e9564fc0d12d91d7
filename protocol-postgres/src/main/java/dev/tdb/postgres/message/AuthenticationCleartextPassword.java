package dev.tdb.postgres.message;

import io.netty.buffer.ByteBuf;

/**
 * AuthenticationCleartextPassword: the password itself is asked for.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-message-formats.html">Message Formats</a>
 */
public record AuthenticationCleartextPassword() implements Authentication {
    static final int CODE = 3;

    @Override
    public void encode(ByteBuf out) {
        int start = WireText.begin(out, TYPE);
        out.writeInt(CODE);
        WireText.end(out, start);
    }
}
