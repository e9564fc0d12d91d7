package dev.tdb.postgres.message;

import io.netty.buffer.ByteBuf;

/**
 * ParameterStatus ('S', server to client): the present value of a run-time parameter that servers report.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-message-formats.html">Message Formats</a>
 */
public record ParameterStatus(String name, String value) implements BackendMessage {
    public static final byte TYPE = 'S';

    /** Reads what follows the length. */
    public static ParameterStatus decode(ByteBuf body) {
        return new ParameterStatus(WireText.readLenient(body), WireText.readLenient(body));
    }

    /** Appends the whole message. */
    public void encode(ByteBuf out) {
        int start = WireText.begin(out, TYPE);
        WireText.write(out, name);
        WireText.write(out, value);
        WireText.end(out, start);
    }
}
