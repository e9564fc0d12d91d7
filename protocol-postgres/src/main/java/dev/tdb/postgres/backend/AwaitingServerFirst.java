package dev.tdb.postgres.backend;

import dev.tdb.postgres.message.AuthenticationSASLContinue;
import dev.tdb.postgres.message.BackendMessage;
import dev.tdb.proxy.credential.ScramClientFirst;
import dev.tdb.proxy.credential.ScramKeys;
import dev.tdb.proxy.credential.ScramServerFirst;
import dev.tdb.proxy.credential.Secret;
import dev.tdb.proxy.route.BackendLogin;
import java.util.Optional;

/**
 * Our first SCRAM message was sent.
 *
 * @param channelBinding what both sides must see of TLS; empty without channel binding
 */
record AwaitingServerFirst(ScramClientFirst clientFirst, Secret channelBinding) implements LoginTalk {

    @Override
    public LoginState onMessage(BackendMessage message, LoginContext context) {
        if (!(message instanceof AuthenticationSASLContinue(String data))) {
            throw unexpected(message);
        }
        ScramServerFirst serverFirst = ScramServerFirst.parse(data, clientFirst);
        DerivingKeys deriving = new DerivingKeys(clientFirst, serverFirst, channelBinding);
        BackendLogin login = context.login();
        Optional<ScramKeys> known = context.keys().find(login, serverFirst.settings());
        if (known.isPresent()) {
            return deriving.onKeys(known.get(), context);
        }
        context.actions().offLoop(() -> ScramKeyCache.derive(login, serverFirst.settings()), context.onKeys());
        return deriving;
    }
}
