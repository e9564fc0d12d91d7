package dev.tdb.postgres.backend;

import dev.tdb.proxy.credential.ScramKeys;
import io.netty.buffer.ByteBuf;

/** How far a login at a server has come. A state carries all that is true in it. */
sealed interface LoginState permits AwaitingTlsAnswer, UpgradingToTls, LoginTalk, DerivingKeys, LoginOver {

    /**
     * Reads at most one message.
     *
     * @return {@code this} as long as no message is whole, or none may be read yet; otherwise the state after it
     */
    LoginState onBytes(ByteBuf in, LoginContext context);

    /** TLS stands. */
    default LoginState onTls(LoginContext context) {
        throw new IllegalStateException("TLS in " + this);
    }

    /** The keys of our password are derived. */
    default LoginState onKeys(ScramKeys keys, LoginContext context) {
        throw new IllegalStateException("keys in " + this);
    }
}
