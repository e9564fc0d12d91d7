package dev.tdb.postgres.backend;

import dev.tdb.postgres.message.AuthenticationSASLFinal;
import dev.tdb.postgres.message.BackendMessage;
import dev.tdb.proxy.credential.ScramAnswer;
import dev.tdb.proxy.credential.ScramKeys;
import dev.tdb.proxy.credential.ScramSettings;
import dev.tdb.proxy.refusal.ProtocolViolation;

/** We proved that we know the password; now the server must prove that it knows us. */
record AwaitingServerFinal(ScramAnswer answer, ScramSettings settings, ScramKeys keys) implements LoginTalk {

    @Override
    public LoginState onMessage(BackendMessage message, LoginContext context) {
        if (!(message instanceof AuthenticationSASLFinal(String data))) {
            throw unexpected(message); // also AuthenticationOk: a server that skips its proof is not ours
        }
        if (!answer.isProvenBy(data)) {
            throw new ProtocolViolation("the server does not know our password's verifier");
        }
        context.keys().keep(context.login(), settings, keys);
        return new AwaitingAuthenticationOk();
    }
}
