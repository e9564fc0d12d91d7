package dev.tdb.postgres.message;

import io.netty.buffer.ByteBuf;

/**
 * Terminate ('X', client to server): goodbye.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-message-formats.html">Message Formats</a>
 */
public record Terminate() {
    public static final byte TYPE = 'X';

    /** Appends the whole message. */
    public void encode(ByteBuf out) {
        WireText.end(out, WireText.begin(out, TYPE));
    }
}
