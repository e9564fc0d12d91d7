package dev.tdb.postgres.message;

import io.netty.buffer.ByteBuf;

/**
 * Query ('Q', client to server): one or more statements of the proxy's own, by the simple protocol.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-message-formats.html">Message Formats</a>
 */
public record Query(String statements) {
    public static final byte TYPE = 'Q';

    /** Appends the whole message. */
    public void encode(ByteBuf out) {
        int start = WireText.begin(out, TYPE);
        WireText.write(out, statements);
        WireText.end(out, start);
    }
}
