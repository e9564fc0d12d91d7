package dev.tdb.postgres.frontend;

import dev.tdb.proxy.frontend.ClientHandshake.Actions;
import io.netty.buffer.ByteBuf;

/** The client is in, or its connection is about to be closed: what it sends is not for the handshake any more. */
record HandshakeOver() implements HandshakeState {
    @Override
    public HandshakeState onBytes(ByteBuf in, Actions actions) {
        return this;
    }

    @Override
    public HandshakeState onTls(Actions actions) {
        return this;
    }

    @Override
    public boolean canBeTold() {
        return true;
    }
}
