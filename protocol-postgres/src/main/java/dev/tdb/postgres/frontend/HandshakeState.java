package dev.tdb.postgres.frontend;

import dev.tdb.proxy.frontend.ClientHandshake;
import io.netty.buffer.ByteBuf;

/** How far a client has come on its way in. A state carries all that is true in it. */
sealed interface HandshakeState
        permits AwaitingStartup,
                AwaitingTls,
                AwaitingMechanism,
                AwaitingClientFirst,
                AwaitingClientFinal,
                AwaitingPassword,
                HandshakeOver {

    /**
     * Reads at most one message.
     *
     * @return {@code this} as long as no message is whole; otherwise the state after it
     */
    HandshakeState onBytes(ByteBuf in, ClientHandshake.Actions actions);

    /** TLS stands. */
    HandshakeState onTls(ClientHandshake.Actions actions);

    /** Whether the client would understand an ErrorResponse now. */
    boolean canBeTold();
}
