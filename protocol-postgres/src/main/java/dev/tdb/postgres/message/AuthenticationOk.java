package dev.tdb.postgres.message;

import io.netty.buffer.ByteBuf;

/**
 * AuthenticationOk: the client is in; its session is being made ready.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-message-formats.html">Message Formats</a>
 */
public record AuthenticationOk() implements Authentication {
    static final int CODE = 0;

    @Override
    public void encode(ByteBuf out) {
        int start = WireText.begin(out, TYPE);
        out.writeInt(CODE);
        WireText.end(out, start);
    }
}
