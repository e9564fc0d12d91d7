package dev.tdb.postgres.frontend;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.tdb.postgres.message.PasswordMessage;
import dev.tdb.postgres.message.SASLInitialResponse;
import dev.tdb.postgres.message.SASLResponse;
import dev.tdb.postgres.message.SSLRequest;
import dev.tdb.proxy.credential.Secret;
import dev.tdb.proxy.refusal.ProtocolViolation;
import java.util.Optional;

/** Any bytes of a client at any point of the handshake give replies or one violation, in bounded memory. */
class HandshakeFuzz {
    private static final int SENT_BYTES_MAX = 40_000; // a list of options may be as long as what it answers

    @FuzzTest(maxDuration = "2m")
    void anyBytesAtAnyPoint(FuzzedDataProvider data) {
        HandshakeClient client = new HandshakeClient(data.consumeInt(1, 40));
        client.actions.book = Book.CREDENTIALS;
        client.actions.isTlsOffered = data.consumeBoolean();
        client.actions.isPlaintextAllowed = data.consumeBoolean();
        client.actions.isCleartextPasswordAsked = data.consumeBoolean();
        client.actions.applicationProtocol = data.consumeBoolean() ? Optional.of("postgresql") : Optional.empty();
        try {
            while (data.remainingBytes() > 0 && !isOver(client)) {
                step(client, data);
            }
        } catch (ProtocolViolation _) {
            // The one way to end that is the client's fault.
        }
        if (client.actions.takeSent().readableBytes() > SENT_BYTES_MAX) {
            throw new AssertionError("more was sent than can be answered to so little");
        }
    }

    private static boolean isOver(HandshakeClient client) {
        return client.actions.events.stream().anyMatch(event -> !event.equals("startTls"));
    }

    private static void step(HandshakeClient client, FuzzedDataProvider data) {
        switch (data.consumeInt(0, 7)) {
            case 0 -> client.start("user", Book.USER, "database", "orders__acme", "options", data.consumeString(40));
            case 1 ->
                client.startWith(
                        data.consumeInt(0, 65_535),
                        "user",
                        data.consumeAsciiString(20),
                        data.consumeString(20),
                        data.consumeString(20));
            case 2 -> {
                client.send(new SSLRequest()::encode);
                if (client.actions.events.contains("startTls") && !client.actions.isTlsActive) {
                    client.tlsStands((byte) 1);
                }
            }
            case 3 ->
                client.send(
                        new SASLInitialResponse(
                                        data.consumeBoolean() ? "SCRAM-SHA-256" : "SCRAM-SHA-256-PLUS",
                                        data.consumeString(100))::encode);
            case 4 -> client.send(new SASLInitialResponse("SCRAM-SHA-256", "n,,n=,r=abc")::encode);
            case 5 -> client.send(new SASLResponse(data.consumeString(200))::encode);
            case 6 -> client.send(new PasswordMessage(Secret.of(data.consumeString(20)))::encode);
            default -> client.sendBytes(data.consumeBytes(100));
        }
    }
}
