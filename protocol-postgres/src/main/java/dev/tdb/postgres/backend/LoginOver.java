package dev.tdb.postgres.backend;

import dev.tdb.proxy.credential.ScramKeys;
import io.netty.buffer.ByteBuf;

/** The link stands, or never will: what the server says is not for the login any more. */
record LoginOver() implements LoginState {
    @Override
    public LoginState onBytes(ByteBuf in, LoginContext context) {
        return this;
    }

    @Override
    public LoginState onTls(LoginContext context) {
        return this;
    }

    @Override
    public LoginState onKeys(ScramKeys keys, LoginContext context) {
        return this;
    }
}
