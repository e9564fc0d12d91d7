package dev.tdb.postgres.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tdb.postgres.message.BackendMessage;
import dev.tdb.postgres.message.NegotiateProtocolVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where TCP cuts the stream changes nothing. */
class HandshakeProperties {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 7, 8, 9, 13, 64})
    void aLoginCutIntoPiecesOfAnySizeIsTheSameLogin(int pieceBytes) {
        HandshakeClient client = new HandshakeClient(pieceBytes);
        client.actions.book = Book.CREDENTIALS;
        client.send(new dev.tdb.postgres.message.GSSENCRequest()::encode);
        assertThat(client.actions.takeSent().readableBytes()).isEqualTo(1);
        client.send(new dev.tdb.postgres.message.SSLRequest()::encode);
        assertThat(client.actions.takeSent().readableBytes()).isEqualTo(1);
        client.tlsStands((byte) 1, (byte) 2);
        client.startWith(
                2, "user", Book.USER, "database", "orders__acme", "options", "-c a.b=1", "TimeZone", "Asia/Tokyo");

        Optional<String> mechanism = client.scram(Book.BLUEPRINT.id());

        assertThat(mechanism).contains("SCRAM-SHA-256-PLUS");
        assertThat(client.actions.events).containsExactly("startTls", "succeed");
        assertThat(HandshakeClient.one(client.starts).parameters())
                .containsOnlyKeys("a.b", "TimeZone")
                .containsEntry("TimeZone", "Asia/Tokyo");
    }

    @Test
    void anyStartupCutAnywhereGivesTheSameReplies() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            List<String> parameters = new ArrayList<>(List.of("user", word(random), "database", word(random)));
            for (int i = random.nextInt(5); i > 0; i--) {
                parameters.add((random.nextBoolean() ? "_pq_." : "x.") + word(random));
                parameters.add(word(random));
            }
            int minorVersion = random.nextInt(5);

            List<BackendMessage> whole = replies(Integer.MAX_VALUE, minorVersion, parameters);
            List<BackendMessage> cut = replies(1 + random.nextInt(20), minorVersion, parameters);

            assertThat(cut).as("seed %d, round %d", seed, round).isEqualTo(whole);
            assertThat(whole.getFirst() instanceof NegotiateProtocolVersion)
                    .as("seed %d, round %d", seed, round)
                    .isEqualTo(minorVersion % 2 == 1
                            || minorVersion > 2
                            || parameters.stream().anyMatch(name -> name.startsWith("_pq_.")));
        }
    }

    private static List<BackendMessage> replies(int pieceBytes, int minorVersion, List<String> parameters) {
        HandshakeClient client = new HandshakeClient(pieceBytes);
        client.startWith(minorVersion, parameters.toArray(String[]::new));
        return client.received();
    }

    private static String word(Random random) {
        return random.ints(1 + random.nextInt(12), 'a', 'z' + 1)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
