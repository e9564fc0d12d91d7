package dev.tdb.postgres.backend;

import dev.tdb.postgres.message.SSLRequest;
import dev.tdb.proxy.backend.LinkFailure;
import dev.tdb.proxy.backend.LinkSpec;
import dev.tdb.proxy.backend.ServerLogin;
import dev.tdb.proxy.credential.ScramKeys;
import dev.tdb.proxy.refusal.ProtocolViolation;
import dev.tdb.proxy.route.ServerTls;
import io.netty.buffer.ByteBuf;

/** One login at a PostgreSQL server: TLS as the route demands, then whatever proof the server asks for. */
final class PostgresLogin implements ServerLogin {
    private final LoginContext context;
    private LoginState state = new LoginOver(); // until there is a connection

    PostgresLogin(LinkSpec spec, Actions actions, ScramKeyCache keys) {
        this.context = new LoginContext(spec, actions, keys, this::onKeys);
    }

    @Override
    public void onConnected() {
        if (context.tlsMode() == ServerTls.Mode.DISABLE) {
            context.start();
            state = new Authenticating(false);
        } else {
            context.send(new SSLRequest()::encode);
            state = new AwaitingTlsAnswer();
        }
    }

    @Override
    public void onTls() {
        state = state.onTls(context);
    }

    @Override
    public void onBytes(ByteBuf in) {
        try {
            int before = -1;
            while (in.isReadable() && in.readerIndex() != before) {
                before = in.readerIndex();
                state = state.onBytes(in, context);
            }
        } catch (ProtocolViolation violation) {
            state = new LoginOver();
            context.actions().fail(new LinkFailure.Unreachable(String.valueOf(violation.getMessage())));
        }
    }

    private void onKeys(ScramKeys keys) {
        state = state.onKeys(keys, context);
    }
}
