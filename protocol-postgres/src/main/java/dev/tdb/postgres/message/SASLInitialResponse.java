package dev.tdb.postgres.message;

import dev.tdb.proxy.refusal.ProtocolViolation;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * SASLInitialResponse: the mechanism that the client chose and, with most, its first message.
 *
 * @param data the mechanism's first message; empty when the client waits to be asked for it
 * @see <a href="https://www.postgresql.org/docs/current/protocol-message-formats.html">Message Formats</a>
 */
public record SASLInitialResponse(String mechanism, String data) implements AuthenticationResponse {
    private static final int NO_DATA = -1;

    /** Reads what follows the length. */
    public static SASLInitialResponse decode(ByteBuf body) {
        String mechanism = WireText.read(body);
        int length = WireText.readInt(body);
        boolean isWhole = length == NO_DATA ? !body.isReadable() : length == body.readableBytes() && length > 0;
        if (!isWhole) {
            throw new ProtocolViolation("a SASL response of length " + length);
        }
        return new SASLInitialResponse(mechanism, WireText.readAll(body));
    }

    /** Appends the whole message. */
    public void encode(ByteBuf out) {
        int start = WireText.begin(out, TYPE);
        WireText.write(out, mechanism);
        byte[] bytes = data.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length == 0 ? NO_DATA : bytes.length).writeBytes(bytes);
        WireText.end(out, start);
    }
}
