package dev.tdb.proxy.listen;

import static dev.tdb.proxy.listen.ToyRig.DB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tdb.proxy.frontend.SessionInfo;
import dev.tdb.proxy.toy.NoLeaks;
import dev.tdb.proxy.toy.ToyClient;
import dev.tdb.proxy.toy.ToyNode;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** How sessions begin and end, and what becomes of their links. */
@ExtendWith(NoLeaks.class)
final class SessionEndTest {
    private final ToyRig rig = new ToyRig();

    @AfterEach
    void stop() {
        rig.close();
    }

    private double warm() {
        return rig.node.meter("proxy.backend.links.warm");
    }

    @Test
    void aLoginLeadsToTheServerOfTheRoute() {
        try (ToyClient client = ToyClient.connect(rig.address).login(DB)) {
            assertThat(client.welcomed()).isEqualTo("old");
            assertThat(client.ask("ECHO 1")).isEqualTo("I ECHO 1");
        }
    }

    @Test
    void whatIsSentBehindTheLoginIsTheFirstUnit() {
        try (ToyClient client = ToyClient.connect(rig.address)) {
            client.send("LOGIN tdb_toy password " + DB, "ECHO 1", "ECHO 2");

            assertThat(client.line()).isEqualTo("HELLO");
            assertThat(client.welcomed()).isEqualTo("old");
            assertThat(client.line()).isEqualTo("I ECHO 1");
            assertThat(client.line()).isEqualTo("I ECHO 2");
        }
    }

    @Test
    void aServerThatSpeaksFirstSpeaksOnce() {
        try (ToyClient client = ToyClient.connect(rig.address)) {
            assertThat(client.line()).isEqualTo("HELLO");
            assertThat(client.isSilentFor(50)).isTrue();
        }
    }

    @Test
    void wrongPasswordsAreRefusedAndThenCostTime() {
        List<String> answers = Stream.generate(() -> {
                    try (ToyClient client = ToyClient.connect(rig.address)) {
                        client.send("LOGIN tdb_toy wrong " + DB);
                        return client.rest();
                    }
                })
                .limit(4)
                .toList();

        String refused = "HELLO\n! bad_credentials\n";
        assertThat(answers).containsExactly(refused, refused, refused, "HELLO\n! rate_limited\n");
        try (ToyClient client = ToyClient.connect(rig.address)) {
            client.send("LOGIN somebody wrong " + DB);
            assertThat(client.rest()).isEqualTo(refused);
        }
    }

    @Test
    void anUnknownDatabaseIsRefused() {
        try (ToyClient client = ToyClient.connect(rig.address).login("shop__nobody")) {
            assertThat(client.rest()).isEqualTo("! unknown_database\n");
        }
    }

    @Test
    void aLoginThatIsNotOverInTimeIsCut() {
        try (ToyClient client = ToyClient.connect(rig.address)) {
            client.raw("LOGIN tdb");

            assertThat(client.rest()).isEqualTo("HELLO\n");
        }
        await().until(() -> rig.node.meter("proxy.frontend.sessions") == 0);
    }

    @Test
    void anEndlessLoginIsCut() {
        try (ToyClient client = ToyClient.connect(rig.address)) {
            client.raw("x".repeat(100_000));

            assertThat(client.rest()).contains("! protocol_violated");
        }
    }

    @Test
    void aServersOwnRefusalPassesThrough() {
        rig.old.refuseLogins("starting");
        try (ToyClient client = ToyClient.connect(rig.address).login(DB)) {
            assertThat(client.rest()).isEqualTo("* REFUSED starting\n");
        }
    }

    @Test
    void aServerThatCannotBeReachedIsSaidToBe() {
        rig.old.close();
        try (ToyClient client = ToyClient.connect(rig.address).login(DB)) {
            assertThat(client.rest()).isEqualTo("! server_unreachable\n");
        }
    }

    @Test
    void aGoodbyeLeavesTheLinkToTheNextSessionAsGoodAsNew() {
        try (ToyClient client = rig.client()) {
            client.ask("SET color red");
            client.send("QUIT");
            assertThat(client.rest()).isEmpty();
        }
        await().until(() -> warm() == 1);
        // Sessions live on either loop: with two, one of them finds the warm link.
        try (ToyClient first = rig.client();
                ToyClient second = rig.client()) {
            assertThat(first.ask("GET color")).isEqualTo("I -");
            assertThat(second.ask("GET color")).isEqualTo("I -");
        }
        assertThat(rig.old.logins()).isEqualTo(2);
    }

    @Test
    void aClientThatGoesInATransactionTakesItsLinkWithIt() {
        try (ToyClient client = rig.client()) {
            client.ask("BEGIN");
        }

        await().until(() -> rig.old.connections() == 0);
        assertThat(warm()).isZero();
    }

    @Test
    void aServerThatDiesInAReplyEndsTheSessionInTheMiddle() {
        try (ToyClient client = rig.client()) {
            client.send("DIE");

            assertThat(client.rest()).isEqualTo("I ha");
        }
    }

    @Test
    void aServerThatDiesBeforeItsReplyIsSaidToHave() {
        try (ToyClient client = rig.client()) {
            client.send("WAIT");
            await().until(() -> rig.old.received().contains("WAIT"));

            rig.old.cut();

            assertThat(client.rest()).isEqualTo("! server_lost\n");
        }
    }

    @Test
    void aServerThatBreaksItsProtocolIsCutOff() {
        try (ToyClient client = rig.client()) {
            client.send("BABBLE");

            assertThat(client.rest()).isEmpty();
            await().until(() -> rig.old.connections() == 0);
        }
    }

    @Test
    void anErrorOfTheProxyEndsTheSessionAndNoHoldWaitsForIt() {
        try (ToyClient client = rig.client()) {
            client.send("OVERFLOW");

            assertThat(client.rest()).isEmpty();
            await().until(() -> rig.old.connections() == 0);
        }
        await().until(() -> rig.node.meter("proxy.frontend.sessions") == 0);
        rig.drained();
    }

    @Test
    void whatAServerSaysUnaskedIsNoUnit() {
        try (ToyClient client = rig.client()) {
            rig.old.announceHalf("ne");
            assertThat(client.isSilentFor(5_000)).isFalse();
            rig.old.announce("ws");
            assertThat(client.line()).isEqualTo("* ne* ws");
            assertThat(rig.node.meter("proxy.frontend.units")).isZero();

            assertThat(client.ask("WHO")).isEqualTo("I old");

            await().until(() -> rig.node.meter("proxy.frontend.units") == 1);
        }
    }

    @Test
    void aClientThatBreaksItsProtocolIsToldSo() {
        try (ToyClient client = rig.client()) {
            client.ask("BEGIN");
            client.send("?");

            assertThat(client.rest()).isEqualTo("! protocol_violated\n");
            await().until(() -> rig.old.connections() == 0);
        }
    }

    @Test
    void aKilledSessionHearsTheRestOfItsMessageThenWhy() {
        try (ToyClient client = rig.client()) {
            client.send("HALF");
            await().until(() ->
                    sessions().stream().allMatch(session -> session.activity().equals("active")));
            await().until(() -> rig.node.meter("proxy.frontend.bytes") > 0
                    && rig.old.received().contains("HALF"));
            await().during(Duration.ofMillis(50)).until(() -> true);

            assertThat(rig.node.node().endSession(client.number(), "an operator"))
                    .isTrue();
            rig.old.goOn(1);

            assertThat(client.rest()).isEqualTo("I half\n! terminated\n");
            assertThat(rig.node.node().endSession(client.number(), "an operator"))
                    .isFalse();
        }
    }

    @Test
    void aKilledSessionWhoseMessageDoesNotEndIsCut() {
        try (ToyClient client = rig.client()) {
            client.send("HALF");
            await().until(() -> rig.old.received().contains("HALF"));
            await().during(Duration.ofMillis(50)).until(() -> true);

            rig.node.node().endSession(client.number(), "an operator");

            assertThat(client.rest()).isEqualTo("I ha");
        }
    }

    @Test
    void aCancelReachesTheUnitItIsMeantForAndTheLinkIsNotUsedAgain() {
        try (ToyClient client = rig.client();
                ToyClient canceller = ToyClient.connect(rig.address)) {
            client.send("WAIT");
            await().until(() -> rig.old.received().contains("WAIT"));

            canceller.send(client.cancelLine());

            assertThat(client.line()).isEqualTo("I cancelled");
            assertThat(canceller.rest()).isEqualTo("HELLO\n");
            client.send("QUIT");
            assertThat(client.rest()).isEmpty();
        }
        await().until(() -> rig.old.connections() == 0);
        assertThat(warm()).isZero();
    }

    @Test
    void aCancelWithAnotherSecretDoesNothing() {
        try (ToyClient client = rig.client();
                ToyClient canceller = ToyClient.connect(rig.address)) {
            client.send("WAIT");
            await().until(() -> rig.old.received().contains("WAIT"));

            canceller.send("CANCEL " + client.number() + " guess");

            assertThat(canceller.rest()).isEqualTo("HELLO\n");
            assertThat(client.isSilentFor(50)).isTrue();
            rig.old.goOn(1);
            assertThat(client.line()).isEqualTo("I waited");
        }
    }

    @Test
    void sessionsAreListed() {
        try (ToyClient client = rig.client()) {
            client.ask("BEGIN");

            SessionInfo info = sessions().getFirst();

            assertThat(info.number()).isEqualTo(client.number());
            assertThat(info.route()).isEqualTo(ToyNode.key(DB));
            assertThat(info.credential()).isEqualTo("key");
            assertThat(info.client()).isEqualTo("127.0.0.1:" + client.socket().getLocalPort());
            assertThat(info.state()).isEqualTo("active");
            assertThat(info.server().orElseThrow().port()).isEqualTo(rig.old.port());
        }
        await().until(() -> sessions().isEmpty());
    }

    private List<SessionInfo> sessions() {
        return ToyNode.await(rig.node.node().sessions());
    }

    @Test
    void aShutdownLetsUnitsEndAndTellsTheIdle() throws Exception {
        try (ToyClient idle = rig.client();
                ToyClient busy = rig.client()) {
            // In one write: whether SET belongs to the unit is known when BEGIN is answered.
            busy.send("BEGIN", "WAIT", "COMMIT", "ECHO never");
            await().until(() -> rig.old.received().contains("BEGIN"));
            Thread shutdown = Thread.ofPlatform().start(() -> {
                try {
                    assertThat(rig.node.node().shutDown(Duration.ofSeconds(5))).isTrue();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });

            assertThat(idle.rest()).isEqualTo("! shutting_down\n");
            rig.old.goOn(1);

            assertThat(busy.line()).isEqualTo("T BEGIN");
            assertThat(busy.line()).isEqualTo("T waited");
            assertThat(busy.line()).isEqualTo("I COMMIT");
            busy.rest();
            shutdown.join();
        }
    }

    @Test
    void aShutdownCutsOffWhoTakesTooLong() throws Exception {
        try (ToyClient busy = rig.client()) {
            busy.ask("BEGIN");

            assertThat(rig.node.node().shutDown(Duration.ofMillis(50))).isFalse();

            assertThat(busy.rest()).isEqualTo("! shutting_down\n");
        }
    }
}
