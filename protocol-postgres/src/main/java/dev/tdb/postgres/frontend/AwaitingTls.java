package dev.tdb.postgres.frontend;

import dev.tdb.proxy.frontend.ClientHandshake.Actions;
import dev.tdb.proxy.refusal.ProtocolViolation;
import io.netty.buffer.ByteBuf;
import java.util.Optional;

/**
 * The TLS handshake is under way.
 *
 * @param isDirect whether the client began with it unasked; then it must say in the handshake which protocol it means
 */
record AwaitingTls(LoginTerms terms, boolean isDirect) implements HandshakeState {
    @Override
    public HandshakeState onBytes(ByteBuf in, Actions actions) {
        throw new ProtocolViolation("unencrypted data during the TLS handshake");
    }

    @Override
    public HandshakeState onTls(Actions actions) {
        Optional<String> protocol = actions.applicationProtocol();
        if (protocol.isEmpty() && isDirect) {
            throw new ProtocolViolation("direct TLS without ALPN");
        }
        if (protocol.isPresent() && !protocol.get().equals(PostgresHandshake.APPLICATION_PROTOCOL)) {
            throw new ProtocolViolation("another protocol by ALPN");
        }
        return new AwaitingStartup(terms, AwaitingStartup.Encryption.none());
    }

    @Override
    public boolean canBeTold() {
        return false; // in the clear it would be nobody's word, and within TLS it cannot be said yet
    }
}
