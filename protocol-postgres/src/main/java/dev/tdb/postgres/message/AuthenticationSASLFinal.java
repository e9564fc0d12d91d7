package dev.tdb.postgres.message;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * AuthenticationSASLFinal: the mechanism's last word: the server proves itself.
 *
 * @param data what the mechanism says, which for SCRAM is ASCII text
 * @see <a href="https://www.postgresql.org/docs/current/protocol-message-formats.html">Message Formats</a>
 */
public record AuthenticationSASLFinal(String data) implements Authentication {
    static final int CODE = 12;

    static AuthenticationSASLFinal decode(ByteBuf body) {
        return new AuthenticationSASLFinal(new String(WireText.readRest(body), StandardCharsets.US_ASCII));
    }

    @Override
    public void encode(ByteBuf out) {
        int start = WireText.begin(out, TYPE);
        out.writeInt(CODE);
        out.writeCharSequence(data, StandardCharsets.US_ASCII);
        WireText.end(out, start);
    }
}
