package dev.tdb.postgres.message;

import io.netty.buffer.ByteBuf;

/**
 * SSLRequest (client to server): TLS is wanted; the answer is one byte, {@code S} or {@code N}.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-message-formats.html">Message Formats</a>
 */
public record SSLRequest() implements StartupPacket {
    static final int CODE = 80877103;
    private static final int LENGTH_BYTES = 8;

    /** Appends the whole packet. */
    public void encode(ByteBuf out) {
        out.writeInt(LENGTH_BYTES).writeInt(CODE);
    }
}
