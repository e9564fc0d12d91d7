package dev.tdb.mysql.frontend;

import dev.tdb.mysql.message.AuthMoreData;
import dev.tdb.mysql.message.WholePacket;
import dev.tdb.proxy.credential.Secret;
import dev.tdb.proxy.frontend.ClientHandshake.Actions;
import io.netty.buffer.ByteBuf;

/** Our public key is on its way; the first client that wants it has it made. */
record KeyWanted(AwaitingPassword back, int sequence) implements HandshakeState {
    @Override
    public HandshakeState onPacket(WholePacket packet, ByteBuf rest, Actions actions) {
        throw new IllegalStateException("a packet in " + this);
    }

    @Override
    public HandshakeState onWorked(Secret key, Actions actions) {
        LoginTerms.send(actions, sequence + 1, new AuthMoreData(key)::encode);
        return back;
    }

    @Override
    public boolean readsPackets() {
        return false;
    }
}
