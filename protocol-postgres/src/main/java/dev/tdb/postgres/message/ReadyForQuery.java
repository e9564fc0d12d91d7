package dev.tdb.postgres.message;

import dev.tdb.proxy.refusal.ProtocolViolation;
import io.netty.buffer.ByteBuf;

/**
 * ReadyForQuery ('Z', server to client): the next command may come.
 *
 * @param status {@code I} idle, {@code T} in a transaction, {@code E} in a failed one
 * @see <a href="https://www.postgresql.org/docs/current/protocol-message-formats.html">Message Formats</a>
 */
public record ReadyForQuery(byte status) implements BackendMessage {
    public static final byte TYPE = 'Z';
    public static final byte IDLE = 'I';
    public static final byte IN_TRANSACTION = 'T';
    public static final byte FAILED = 'E';

    public ReadyForQuery {
        if (status != IDLE && status != IN_TRANSACTION && status != FAILED) {
            throw new ProtocolViolation("transaction status " + status);
        }
    }

    /** Reads what follows the length. */
    public static ReadyForQuery decode(ByteBuf body) {
        return new ReadyForQuery(WireText.readByte(body));
    }

    /** Appends the whole message. */
    public void encode(ByteBuf out) {
        int start = WireText.begin(out, TYPE);
        out.writeByte(status);
        WireText.end(out, start);
    }
}
