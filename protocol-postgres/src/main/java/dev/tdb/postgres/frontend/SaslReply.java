package dev.tdb.postgres.frontend;

import dev.tdb.postgres.message.AuthenticationResponse;
import dev.tdb.postgres.message.Terminate;
import dev.tdb.postgres.message.WholeMessage;
import dev.tdb.proxy.frontend.ClientHandshake.Actions;
import dev.tdb.proxy.refusal.ProtocolViolation;
import io.netty.buffer.ByteBuf;
import java.util.Optional;
import java.util.function.Function;

/** What a client may send while a SASL exchange is on: its next message, or goodbye. */
final class SaslReply {
    /** As PostgreSQL has it. */
    private static final int LENGTH_MAX = 1024;

    private SaslReply() {}

    /**
     * Reads one message.
     *
     * @param waiting the state as long as none is whole
     * @param onBody given the body of the answer, and gives the state after it
     */
    static HandshakeState read(
            ByteBuf in, Actions actions, HandshakeState waiting, Function<ByteBuf, HandshakeState> onBody) {
        Optional<WholeMessage> message = WholeMessage.read(in, LENGTH_MAX);
        if (message.isEmpty()) {
            return waiting;
        }
        return switch (message.get().type()) {
            case AuthenticationResponse.TYPE -> onBody.apply(message.get().body());
            case Terminate.TYPE -> {
                actions.close();
                yield new HandshakeOver();
            }
            default -> throw new ProtocolViolation("expected SASL response");
        };
    }
}
