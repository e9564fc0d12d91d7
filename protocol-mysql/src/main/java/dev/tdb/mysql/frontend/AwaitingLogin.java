package dev.tdb.mysql.frontend;

import dev.tdb.mysql.message.HandshakeResponse41;
import dev.tdb.mysql.message.LoginRequest;
import dev.tdb.mysql.message.SSLRequest;
import dev.tdb.mysql.message.WholePacket;
import dev.tdb.proxy.credential.Secret;
import dev.tdb.proxy.frontend.ClientHandshake.Actions;
import dev.tdb.proxy.refusal.ProtocolViolation;
import io.netty.buffer.ByteBuf;

/** The client was greeted, and has not said yet who it is. */
record AwaitingLogin(LoginTerms terms, Secret nonce) implements HandshakeState {
    @Override
    public HandshakeState onPacket(WholePacket packet, ByteBuf rest, Actions actions) {
        return switch (LoginRequest.decode(packet.payload())) {
            case SSLRequest _ -> {
                if (actions.isTlsActive() || !actions.isTlsOffered()) {
                    throw new ProtocolViolation("a request for TLS where none is offered");
                }
                // Nobody answers the request, so that clients send their ClientHello right behind it. Whatever else
                // was put in there is no TLS, and never taken for a packet.
                actions.startTls(rest.readBytes(rest.readableBytes()));
                yield new AwaitingTls(terms, nonce);
            }
            case HandshakeResponse41 response -> terms.judge(response, nonce, packet.sequence(), actions);
        };
    }
}
