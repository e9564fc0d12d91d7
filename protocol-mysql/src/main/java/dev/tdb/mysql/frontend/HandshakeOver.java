package dev.tdb.mysql.frontend;

import dev.tdb.mysql.message.WholePacket;
import dev.tdb.proxy.credential.Secret;
import dev.tdb.proxy.frontend.ClientHandshake.Actions;
import io.netty.buffer.ByteBuf;

/** The client is in, or its connection is about to be closed: what it sends is not for the handshake any more. */
record HandshakeOver() implements HandshakeState {
    @Override
    public HandshakeState onPacket(WholePacket packet, ByteBuf rest, Actions actions) {
        return this;
    }

    @Override
    public HandshakeState onTls(Actions actions) {
        return this;
    }

    /** The connection ended meanwhile. */
    @Override
    public HandshakeState onWorked(Secret result, Actions actions) {
        return this;
    }

    @Override
    public boolean readsPackets() {
        return false;
    }

    @Override
    public boolean isOver() {
        return true;
    }
}
