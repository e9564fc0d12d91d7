package dev.tdb.mysql.frontend;

import dev.tdb.mysql.message.HandshakeResponse41;
import dev.tdb.mysql.message.LoginRequest;
import dev.tdb.mysql.message.SSLRequest;
import dev.tdb.mysql.message.WholePacket;
import dev.tdb.proxy.credential.Secret;
import dev.tdb.proxy.frontend.ClientHandshake.Actions;
import dev.tdb.proxy.refusal.ProtocolViolation;
import io.netty.buffer.Unpooled;

/** The client was greeted, and has not said yet who it is. */
record AwaitingLogin(LoginTerms terms, Secret nonce) implements HandshakeState {
    @Override
    public HandshakeState onPacket(WholePacket packet, boolean isMoreThere, Actions actions) {
        return switch (LoginRequest.decode(packet.payload())) {
            case SSLRequest _ -> {
                if (actions.isTlsActive() || !actions.isTlsOffered()) {
                    throw new ProtocolViolation("a request for TLS where none is offered");
                }
                if (isMoreThere) {
                    // Sent before the handshake could be: it may have been put in by somebody else.
                    throw new ProtocolViolation("received unencrypted data after a request for TLS");
                }
                actions.startTls(Unpooled.EMPTY_BUFFER);
                yield new AwaitingTls(terms, nonce);
            }
            case HandshakeResponse41 response -> terms.judge(response, nonce, packet.sequence(), actions);
        };
    }

    @Override
    public boolean readsPackets() {
        return true;
    }

    @Override
    public boolean canBeTold() {
        return true;
    }
}
