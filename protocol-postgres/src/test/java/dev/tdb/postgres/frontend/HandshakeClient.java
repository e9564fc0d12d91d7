package dev.tdb.postgres.frontend;

import com.ongres.scram.client.ScramClient;
import com.ongres.scram.common.exception.ScramException;
import dev.tdb.postgres.message.AuthenticationSASL;
import dev.tdb.postgres.message.AuthenticationSASLContinue;
import dev.tdb.postgres.message.AuthenticationSASLFinal;
import dev.tdb.postgres.message.BackendMessage;
import dev.tdb.postgres.message.PasswordMessage;
import dev.tdb.postgres.message.SASLInitialResponse;
import dev.tdb.postgres.message.SASLResponse;
import dev.tdb.postgres.message.StartupMessage;
import dev.tdb.postgres.message.WholeMessage;
import dev.tdb.proxy.credential.Secret;
import dev.tdb.proxy.frontend.Conversation;
import dev.tdb.testkit.port.RecordingActions;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** A client, a handshake and the connection between them. What the client says may arrive in pieces of any size. */
final class HandshakeClient {
    static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");

    final RecordingActions actions = new RecordingActions();
    final List<SessionStart> starts = new ArrayList<>();
    final List<Secret> cancelSecrets = new ArrayList<>();
    final PostgresHandshake handshake;
    private final int pieceBytes;
    private final ByteBuf in = Unpooled.buffer();

    HandshakeClient() {
        this(Integer.MAX_VALUE);
    }

    HandshakeClient(int pieceBytes) {
        this.pieceBytes = pieceBytes;
        this.handshake = new PostgresHandshake(
                actions,
                (port, start, cancelSecret) -> {
                    starts.add(start);
                    cancelSecrets.add(cancelSecret);
                    return conversation();
                },
                InstantSource.fixed(NOW));
        handshake.onConnected();
    }

    /** Nothing is asked of it before the handshake is over. */
    private static Conversation conversation() {
        return (Conversation) Proxy.newProxyInstance(
                Conversation.class.getClassLoader(), new Class<?>[] {Conversation.class}, (_, method, _) -> {
                    throw new IllegalStateException(method.getName() + " before the login is over");
                });
    }

    /** Whether the handshake has left bytes of ours unread. */
    int unreadBytes() {
        return in.readableBytes();
    }

    HandshakeClient send(Consumer<ByteBuf> encode) {
        ByteBuf bytes = Unpooled.buffer();
        encode.accept(bytes);
        while (bytes.isReadable()) {
            in.writeBytes(bytes, Math.min(pieceBytes, bytes.readableBytes()));
            handshake.onBytes(in);
        }
        in.discardReadBytes();
        return this;
    }

    HandshakeClient sendBytes(byte... bytes) {
        return send(out -> out.writeBytes(bytes));
    }

    HandshakeClient start(String... namesAndValues) {
        return startWith(0, namesAndValues);
    }

    HandshakeClient startWith(int minorVersion, String... namesAndValues) {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            parameters.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return send(new StartupMessage(3, minorVersion, parameters)::encode);
    }

    HandshakeClient tlsStands(byte... endPoint) {
        actions.isTlsActive = true;
        actions.endPoint = Optional.of(endPoint);
        handshake.onTls();
        return this;
    }

    /** The messages that were sent to the client since the last look. */
    List<BackendMessage> received() {
        ByteBuf sent = actions.takeSent();
        List<BackendMessage> messages = new ArrayList<>();
        while (sent.isReadable()) {
            WholeMessage message = WholeMessage.read(sent, 100_000).orElseThrow();
            messages.add(BackendMessage.decode(message.type(), message.body()));
        }
        return messages;
    }

    HandshakeClient password(String password) {
        return send(new PasswordMessage(Secret.of(password))::encode);
    }

    /** A whole exchange with a SCRAM client that is not ours; empty when the server did not prove itself in the end. */
    Optional<String> scram(String password) {
        List<BackendMessage> asked = received();
        AuthenticationSASL offer = (AuthenticationSASL) asked.getLast();
        try {
            var stage = ScramClient.builder()
                    .advertisedMechanisms(offer.mechanisms())
                    .username("*")
                    .password(password.toCharArray());
            if (actions.endPoint.isPresent()) {
                stage = stage.channelBinding("tls-server-end-point", actions.endPoint.get());
            }
            ScramClient client = stage.build();
            String mechanism = client.getScramMechanism().getName();
            send(new SASLInitialResponse(mechanism, client.clientFirstMessage().toString())::encode);
            client.serverFirstMessage(((AuthenticationSASLContinue) one(received())).data());
            send(new SASLResponse(client.clientFinalMessage().toString())::encode);
            List<BackendMessage> last = received();
            if (last.isEmpty()) {
                return Optional.empty();
            }
            client.serverFinalMessage(((AuthenticationSASLFinal) one(last)).data());
            return Optional.of(mechanism);
        } catch (ScramException e) {
            throw new IllegalStateException(e);
        }
    }

    static <T> T one(List<T> list) {
        if (list.size() != 1) {
            throw new AssertionError("one expected, got " + list);
        }
        return list.getFirst();
    }
}
