package dev.tdb.postgres.message;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * SASLResponse: a further message of the mechanism.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-message-formats.html">Message Formats</a>
 */
public record SASLResponse(String data) implements AuthenticationResponse {

    /** Reads what follows the length. */
    public static SASLResponse decode(ByteBuf body) {
        return new SASLResponse(WireText.readAll(body));
    }

    /** Appends the whole message. */
    public void encode(ByteBuf out) {
        int start = WireText.begin(out, TYPE);
        out.writeCharSequence(data, StandardCharsets.UTF_8);
        WireText.end(out, start);
    }
}
