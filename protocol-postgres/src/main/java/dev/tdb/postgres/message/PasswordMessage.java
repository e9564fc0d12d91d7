package dev.tdb.postgres.message;

import dev.tdb.proxy.credential.Secret;
import dev.tdb.proxy.refusal.ProtocolViolation;
import io.netty.buffer.ByteBuf;

/**
 * PasswordMessage: the password itself, or its MD5 hash.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-message-formats.html">Message Formats</a>
 */
public record PasswordMessage(Secret password) implements AuthenticationResponse {

    /** Reads what follows the length. */
    public static PasswordMessage decode(ByteBuf body) {
        int count = body.bytesBefore((byte) 0);
        if (count < 0 || count != body.readableBytes() - 1) {
            throw new ProtocolViolation("invalid password packet size");
        }
        byte[] password = WireText.readBytes(body, count);
        body.skipBytes(1);
        return new PasswordMessage(Secret.of(password));
    }

    /** Appends the whole message. */
    public void encode(ByteBuf out) {
        int start = WireText.begin(out, TYPE);
        out.writeBytes(password.bytes()).writeByte(0);
        WireText.end(out, start);
    }
}
