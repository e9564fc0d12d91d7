package dev.tdb.postgres.backend;

import dev.tdb.proxy.refusal.ProtocolViolation;
import io.netty.buffer.ByteBuf;

/** The TLS handshake is under way. */
record UpgradingToTls() implements LoginState {
    @Override
    public LoginState onBytes(ByteBuf in, LoginContext context) {
        throw new ProtocolViolation("unencrypted data during the TLS handshake");
    }

    @Override
    public LoginState onTls(LoginContext context) {
        context.start();
        return new Authenticating(true);
    }
}
