package dev.tdb.postgres.message;

import io.netty.buffer.ByteBuf;

/**
 * GSSENCRequest (client to server): GSSAPI encryption is wanted; the answer is one byte, {@code G} or {@code N}.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-message-formats.html">Message Formats</a>
 */
public record GSSENCRequest() implements StartupPacket {
    static final int CODE = 80877104;
    private static final int LENGTH_BYTES = 8;

    /** Appends the whole packet. */
    public void encode(ByteBuf out) {
        out.writeInt(LENGTH_BYTES).writeInt(CODE);
    }
}
