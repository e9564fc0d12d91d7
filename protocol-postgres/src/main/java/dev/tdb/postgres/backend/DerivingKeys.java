package dev.tdb.postgres.backend;

import dev.tdb.postgres.message.SASLResponse;
import dev.tdb.proxy.credential.ScramAnswer;
import dev.tdb.proxy.credential.ScramClientFirst;
import dev.tdb.proxy.credential.ScramKeys;
import dev.tdb.proxy.credential.ScramServerFirst;
import dev.tdb.proxy.credential.Secret;
import io.netty.buffer.ByteBuf;

/** We were challenged, and the keys of our password are being derived elsewhere. The server has nothing to say. */
record DerivingKeys(ScramClientFirst clientFirst, ScramServerFirst serverFirst, Secret channelBinding)
        implements LoginState {

    @Override
    public LoginState onBytes(ByteBuf in, LoginContext context) {
        return this; // an error, if anything: read with the answer that never comes
    }

    @Override
    public LoginState onKeys(ScramKeys keys, LoginContext context) {
        ScramAnswer answer = ScramAnswer.of(clientFirst, serverFirst, keys, channelBinding.bytes());
        context.send(new SASLResponse(answer.clientFinal())::encode);
        return new AwaitingServerFinal(answer, serverFirst.settings(), keys);
    }
}
