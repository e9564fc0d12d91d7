package dev.tdb.postgres.backend;

import dev.tdb.postgres.message.AuthenticationOk;
import dev.tdb.postgres.message.BackendMessage;

/** All the proof there is was given. */
record AwaitingAuthenticationOk() implements LoginTalk {
    @Override
    public LoginState onMessage(BackendMessage message, LoginContext context) {
        if (!(message instanceof AuthenticationOk)) {
            throw unexpected(message);
        }
        return AwaitingReady.begin();
    }
}
