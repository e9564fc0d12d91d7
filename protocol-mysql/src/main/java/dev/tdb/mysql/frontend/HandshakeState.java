package dev.tdb.mysql.frontend;

import dev.tdb.mysql.message.WholePacket;
import dev.tdb.proxy.credential.Secret;
import dev.tdb.proxy.frontend.ClientHandshake;
import io.netty.buffer.ByteBuf;

/** How far a client has come on its way in. A state carries all that is true in it. */
sealed interface HandshakeState
        permits AwaitingLogin, AwaitingTls, AwaitingProof, AwaitingPassword, KeyWanted, Deciphering, HandshakeOver {
    /**
     * @param rest what was read behind the packet; whatever is left of it is read as the next ones
     * @return the state after it
     */
    HandshakeState onPacket(WholePacket packet, ByteBuf rest, ClientHandshake.Actions actions);

    /** TLS stands. */
    default HandshakeState onTls(ClientHandshake.Actions actions) {
        throw new IllegalStateException("TLS in " + this);
    }

    /** What took too long for the event loop is done. */
    default HandshakeState onWorked(Secret result, ClientHandshake.Actions actions) {
        throw new IllegalStateException("a result in " + this);
    }

    /** Whether what the client sends now is packets of the handshake. */
    default boolean readsPackets() {
        return true;
    }

    /** Whether the client is in, or its connection about to end. */
    default boolean isOver() {
        return false;
    }

    /** Whether the client would understand an ERR packet now. */
    default boolean canBeTold() {
        return true;
    }
}
