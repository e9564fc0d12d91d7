package dev.tdb.postgres.frontend;

import dev.tdb.postgres.message.ErrorResponse;
import dev.tdb.proxy.frontend.ClientHandshake;
import dev.tdb.proxy.refusal.Refusal;
import io.netty.buffer.ByteBuf;
import java.time.InstantSource;

/**
 * How a PostgreSQL client gets in: encryption, its start-up, the proof of who it is. What it is told once it is in
 * (AuthenticationOk and on) is its conversation's business.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-START-UP">Start-up</a>
 */
public final class PostgresHandshake implements ClientHandshake {
    /** The protocol's name in ALPN. */
    public static final String APPLICATION_PROTOCOL = "postgresql";

    private final Actions actions;
    private HandshakeState state;

    public PostgresHandshake(Actions actions, ConversationStart conversations, InstantSource clock) {
        this.actions = actions;
        this.state = new AwaitingStartup(new LoginTerms(conversations, clock), AwaitingStartup.Encryption.all());
    }

    @Override
    public void onConnected() {
        // The client speaks first.
    }

    @Override
    public void onBytes(ByteBuf in) {
        int before = -1;
        while (in.isReadable() && in.readerIndex() != before) {
            before = in.readerIndex();
            state = state.onBytes(in, actions);
        }
    }

    @Override
    public void onTls() {
        state = state.onTls(actions);
    }

    @Override
    public void refuse(Refusal refusal) {
        if (state.canBeTold()) {
            ByteBuf out = actions.allocator().buffer();
            ErrorResponse.fatal(refusal).encode(out);
            actions.send(out);
        }
        state = new HandshakeOver();
    }
}
