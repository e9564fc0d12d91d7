package dev.tdb.postgres.message;

import dev.tdb.proxy.refusal.ProtocolViolation;
import io.netty.buffer.ByteBuf;

/**
 * The family of messages ('R', server to client) by which a server asks for proof of who connects, or is content.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-message-formats.html">Message Formats</a>
 */
public sealed interface Authentication extends BackendMessage
        permits AuthenticationOk,
                AuthenticationCleartextPassword,
                AuthenticationMD5Password,
                AuthenticationSASL,
                AuthenticationSASLContinue,
                AuthenticationSASLFinal {
    byte TYPE = 'R';

    static Authentication decode(ByteBuf body) {
        int code = WireText.readInt(body);
        return switch (code) {
            case AuthenticationOk.CODE -> new AuthenticationOk();
            case AuthenticationCleartextPassword.CODE -> new AuthenticationCleartextPassword();
            case AuthenticationMD5Password.CODE -> AuthenticationMD5Password.decode(body);
            case AuthenticationSASL.CODE -> AuthenticationSASL.decode(body);
            case AuthenticationSASLContinue.CODE -> AuthenticationSASLContinue.decode(body);
            case AuthenticationSASLFinal.CODE -> AuthenticationSASLFinal.decode(body);
            default -> throw new ProtocolViolation("authentication method " + code);
        };
    }

    /** Appends the whole message. */
    void encode(ByteBuf out);
}
