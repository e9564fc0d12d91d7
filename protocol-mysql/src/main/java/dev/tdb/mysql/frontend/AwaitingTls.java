package dev.tdb.mysql.frontend;

import dev.tdb.mysql.message.WholePacket;
import dev.tdb.proxy.credential.Secret;
import dev.tdb.proxy.frontend.ClientHandshake.Actions;
import io.netty.buffer.ByteBuf;

/** TLS was asked for: who the client is comes within it. */
record AwaitingTls(LoginTerms terms, Secret nonce) implements HandshakeState {
    @Override
    public HandshakeState onPacket(WholePacket packet, ByteBuf rest, Actions actions) {
        throw new IllegalStateException("a packet in " + this);
    }

    @Override
    public HandshakeState onTls(Actions actions) {
        return new AwaitingLogin(terms, nonce);
    }

    @Override
    public boolean readsPackets() {
        return false;
    }

    @Override
    public boolean canBeTold() {
        return false;
    }
}
