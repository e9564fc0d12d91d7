package dev.tdb.mysql.frontend;

import dev.tdb.mysql.message.AuthData;
import dev.tdb.mysql.message.AuthPlugin;
import dev.tdb.mysql.message.WholePacket;
import dev.tdb.proxy.credential.Secret;
import dev.tdb.proxy.frontend.ClientHandshake.Actions;
import io.netty.buffer.ByteBuf;

/** The client's password is deciphered, off the event loop. */
record Deciphering(LoginTerms terms, Applicant applicant, Secret nonce, int sequence) implements HandshakeState {
    @Override
    public HandshakeState onPacket(WholePacket packet, ByteBuf rest, Actions actions) {
        throw new IllegalStateException("a packet in " + this);
    }

    @Override
    public HandshakeState onWorked(Secret password, Actions actions) {
        return terms.conclude(applicant, AuthPlugin.CLEAR, new AuthData(password), nonce, sequence, actions);
    }

    @Override
    public boolean readsPackets() {
        return false;
    }
}
