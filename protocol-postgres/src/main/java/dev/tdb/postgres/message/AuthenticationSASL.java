package dev.tdb.postgres.message;

import dev.tdb.proxy.refusal.ProtocolViolation;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/**
 * AuthenticationSASL: the client may choose one of these mechanisms.
 *
 * @param mechanisms 1 or more, in the server's order of preference
 * @see <a href="https://www.postgresql.org/docs/current/protocol-message-formats.html">Message Formats</a>
 */
public record AuthenticationSASL(List<String> mechanisms) implements Authentication {
    public static final String SCRAM_SHA_256 = "SCRAM-SHA-256";
    public static final String SCRAM_SHA_256_PLUS = "SCRAM-SHA-256-PLUS";
    static final int CODE = 10;

    public AuthenticationSASL {
        mechanisms = List.copyOf(mechanisms);
        if (mechanisms.isEmpty()) {
            throw new ProtocolViolation("no SASL mechanism offered");
        }
    }

    static AuthenticationSASL decode(ByteBuf body) {
        List<String> mechanisms = new ArrayList<>();
        for (String name = WireText.readLenient(body); !name.isEmpty(); name = WireText.readLenient(body)) {
            mechanisms.add(name);
        }
        return new AuthenticationSASL(mechanisms);
    }

    @Override
    public void encode(ByteBuf out) {
        int start = WireText.begin(out, TYPE);
        out.writeInt(CODE);
        mechanisms.forEach(name -> WireText.write(out, name));
        out.writeByte(0);
        WireText.end(out, start);
    }
}
