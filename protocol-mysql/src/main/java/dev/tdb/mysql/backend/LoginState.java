package dev.tdb.mysql.backend;

import dev.tdb.mysql.message.ErrPacket;
import dev.tdb.mysql.message.WholePacket;
import dev.tdb.proxy.refusal.ProtocolViolation;

/** How far a login at a server has come. A state carries all that is true in it. */
sealed interface LoginState
        permits AwaitingGreeting, UpgradingToTls, Authenticating, Enciphering, SettingUp, LoginOver {
    /** One packet of the server; errors end the login before they come here. */
    LoginState onPacket(WholePacket packet, LoginContext context);

    /** Whether what the server says now is packets of the login. */
    default boolean readsPackets() {
        return true;
    }

    /** TLS stands. */
    default LoginState onTls(LoginContext context) {
        throw new IllegalStateException("TLS in " + this);
    }

    /** The password is enciphered. */
    default LoginState onEnciphered(byte[] password, LoginContext context) {
        throw new IllegalStateException("a password in " + this);
    }

    /** What a state says of a packet that has no place in it. */
    default ProtocolViolation unexpected(WholePacket packet) {
        return new ProtocolViolation("a packet that begins with " + packet.first() + " while "
                + getClass().getSimpleName());
    }

    /** The server said no. */
    static LoginState failed(WholePacket packet, LoginContext context) {
        context.fail(ErrPacket.decode(packet.payload()));
        return new LoginOver();
    }
}
