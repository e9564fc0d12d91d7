package dev.tdb.postgres.frontend;

import dev.tdb.postgres.message.CancelRequest;
import dev.tdb.postgres.message.GSSENCRequest;
import dev.tdb.postgres.message.NegotiateProtocolVersion;
import dev.tdb.postgres.message.SSLRequest;
import dev.tdb.postgres.message.StartupMessage;
import dev.tdb.postgres.message.StartupPacket;
import dev.tdb.proxy.frontend.ClientHandshake.Actions;
import dev.tdb.proxy.refusal.ProtocolViolation;
import dev.tdb.proxy.refusal.Refusal;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Optional;

/**
 * The client has not said yet what it wants: encryption first, a session, or to cancel another one.
 *
 * @param encryption what it may still ask for
 */
record AwaitingStartup(LoginTerms terms, Encryption encryption) implements HandshakeState {
    /** First byte of a TLS record that carries a ClientHello; as a length it would be far too long. */
    private static final byte TLS_HANDSHAKE = 0x16;

    /** The encryption that a client may still ask for: each kind once, and nothing within TLS. */
    record Encryption(boolean isDirectTlsPossible, boolean isSslPossible, boolean isGssPossible) {
        static Encryption all() {
            return new Encryption(true, true, true);
        }

        static Encryption none() {
            return new Encryption(false, false, false);
        }

        Encryption withoutSsl() {
            return new Encryption(false, false, isGssPossible);
        }

        Encryption withoutGss() {
            return new Encryption(false, isSslPossible, false);
        }
    }

    @Override
    public HandshakeState onBytes(ByteBuf in, Actions actions) {
        if (encryption.isDirectTlsPossible() && in.getByte(in.readerIndex()) == TLS_HANDSHAKE) {
            return startDirectTls(in, actions);
        }
        Optional<StartupPacket> packet = StartupPacket.read(in);
        if (packet.isEmpty()) {
            return this;
        }
        return switch (packet.get()) {
            case SSLRequest _ -> answerSsl(in, actions);
            case GSSENCRequest _ -> answerGss(in, actions);
            case CancelRequest(int processId, var secretKey) -> {
                actions.cancel(processId, secretKey);
                yield new HandshakeOver();
            }
            case StartupMessage message -> begin(message, actions);
        };
    }

    @Override
    public HandshakeState onTls(Actions actions) {
        throw new IllegalStateException("TLS in " + this);
    }

    @Override
    public boolean canBeTold() {
        return true;
    }

    private HandshakeState startDirectTls(ByteBuf in, Actions actions) {
        if (!actions.isTlsOffered()) {
            throw new ProtocolViolation("TLS is not offered");
        }
        actions.startTls(in.readBytes(in.readableBytes()));
        return new AwaitingTls(terms, true);
    }

    private HandshakeState answerSsl(ByteBuf in, Actions actions) {
        if (!encryption.isSslPossible()) {
            throw new ProtocolViolation("a second request for TLS");
        }
        refuseInjected(in);
        if (!actions.isTlsOffered()) {
            answer(actions, 'N');
            return new AwaitingStartup(terms, encryption.withoutSsl());
        }
        answer(actions, 'S');
        actions.startTls(Unpooled.EMPTY_BUFFER);
        return new AwaitingTls(terms, false);
    }

    private HandshakeState answerGss(ByteBuf in, Actions actions) {
        if (!encryption.isGssPossible()) {
            throw new ProtocolViolation("a request for GSSAPI encryption where none may be");
        }
        refuseInjected(in);
        answer(actions, 'N');
        return new AwaitingStartup(terms, encryption.withoutGss());
    }

    /** What was sent before the answer could be known may have been put in by somebody else. */
    private static void refuseInjected(ByteBuf in) {
        if (in.isReadable()) {
            throw new ProtocolViolation("received unencrypted data after a request for encryption");
        }
    }

    private static void answer(Actions actions, char answer) {
        actions.send(actions.allocator().buffer(1).writeByte(answer));
    }

    private HandshakeState begin(StartupMessage message, Actions actions) {
        if (message.majorVersion() != StartupMessage.MAJOR_VERSION) {
            return refuse(
                    new Refusal.Unsupported(
                            "frontend protocol " + message.majorVersion() + "." + message.minorVersion()),
                    actions);
        }
        if (!actions.isTlsActive() && !actions.isPlaintextAllowed()) {
            return refuse(new Refusal.TlsRequired(), actions);
        }
        SessionRequest request = SessionRequest.of(message);
        if (request.isReplication()) {
            return refuse(new Refusal.Unsupported("a replication connection"), actions);
        }
        Optional<Refusal> throttled = actions.throttled(request.user());
        if (throttled.isPresent()) {
            return refuse(throttled.get(), actions);
        }
        Optional<NegotiateProtocolVersion> negotiation = SessionRequest.negotiation(message);
        if (negotiation.isPresent()) {
            ByteBuf out = actions.allocator().buffer();
            negotiation.get().encode(out);
            actions.send(out);
        }
        return terms.ask(request, actions);
    }

    private static HandshakeState refuse(Refusal refusal, Actions actions) {
        actions.reject(refusal);
        return new HandshakeOver();
    }
}
