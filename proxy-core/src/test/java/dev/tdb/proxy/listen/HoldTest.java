package dev.tdb.proxy.listen;

import static dev.tdb.proxy.listen.ToyRig.DB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tdb.proxy.frontend.SessionLimits;
import dev.tdb.proxy.hold.Hold;
import dev.tdb.proxy.route.RouteState;
import dev.tdb.proxy.toy.NoLeaks;
import dev.tdb.proxy.toy.ToyClient;
import dev.tdb.proxy.toy.ToyNode;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a client meets while its route is on hold, over loopback sockets. */
@ExtendWith(NoLeaks.class)
final class HoldTest {
    private ToyRig rig = new ToyRig();

    @AfterEach
    void stop() {
        rig.close();
    }

    private void suspend(Duration patience) {
        rig.node.publish(ToyNode.route(DB, rig.old, 1, new RouteState.Suspended(patience)));
    }

    @Test
    void patienceThatEndsRefusesTheUnitAndKeepsTheConnection() {
        try (ToyClient client = rig.client()) {
            suspend(Duration.ofMillis(100));
            long since = System.nanoTime();

            client.send("WHO", "ECHO 1");

            assertThat(client.line()).isEqualTo("! suspended");
            assertThat(Duration.ofNanos(System.nanoTime() - since)).isGreaterThan(Duration.ofMillis(95));
            assertThat(client.line()).isEqualTo("! suspended");
            rig.node.open(DB, rig.old, 1);
            assertThat(client.ask("WHO")).isEqualTo("I old");
            assertThat(rig.old.received()).containsExactly("WHO");
        }
    }

    @Test
    void everyUnitHasItsOwnPatience() {
        try (ToyClient client = rig.client()) {
            suspend(Duration.ofMillis(300));
            assertThat(client.ask("WHO")).isEqualTo("! suspended");
            client.send("WHO");
            assertThat(client.isSilentFor(150)).isTrue();

            rig.node.open(DB, rig.old, 1);

            assertThat(client.line()).isEqualTo("I old");
        }
    }

    @Test
    void noPatienceRefusesAtOnce() {
        try (ToyClient client = rig.client()) {
            suspend(Duration.ZERO);

            assertThat(client.ask("WHO")).isEqualTo("! suspended");
            assertThat(client.ask("WHO")).isEqualTo("! suspended");

            rig.node.open(DB, rig.old, 1);
            assertThat(client.ask("WHO")).isEqualTo("I old");
        }
    }

    @Test
    void termsMayChangeWhileUnitsWait() {
        try (ToyClient client = rig.client()) {
            suspend(ToyRig.LONG);
            client.send("WHO");
            assertThat(client.isSilentFor(50)).isTrue();

            suspend(Duration.ofMillis(100));

            assertThat(client.line()).isEqualTo("! suspended");
        }
    }

    @Test
    void whatIsRefusedInHalfIsRefusedWhole() {
        try (ToyClient client = rig.client()) {
            suspend(Duration.ZERO);
            client.raw("SET color ");
            assertThat(client.line()).isEqualTo("! suspended");
            rig.node.open(DB, rig.old, 1);

            client.raw("red\nGET color\n");

            assertThat(client.line()).isEqualTo("I -");
            assertThat(rig.old.received()).containsExactly("GET color");
        }
    }

    @Test
    void whatNeedsNoServerIsAnswered() {
        try (ToyClient client = rig.client()) {
            Hold hold = rig.drained();

            assertThat(client.ask("PING")).isEqualTo("I PONG");
            client.send("WHO", "PING");

            assertThat(client.isSilentFor(50)).isTrue();
            ToyNode.await(hold.release());
            assertThat(client.line()).isEqualTo("I old");
            assertThat(client.line()).isEqualTo("I PING");
        }
    }

    @Test
    void whoLogsInDuringAHoldIsWelcomedAsOthersWereAndParkedAtItsFirstUnit() {
        rig.client().close();
        Hold hold = rig.drained();
        try (ToyClient client = ToyClient.connect(rig.address).login(DB)) {
            assertThat(client.welcomed()).isEqualTo("old");
            client.send("WHO");
            rig.node.open(DB, rig.other, 2);
            ToyNode.await(hold.switched());

            ToyNode.await(hold.release());

            assertThat(client.line()).isEqualTo("* moved to new");
            assertThat(client.line()).isEqualTo("I new");
        }
    }

    @Test
    void aLoginWaitsWhereNothingIsKnownOfTheServer() {
        Hold hold = rig.drained();
        try (ToyClient client = ToyClient.connect(rig.address).login(DB)) {
            assertThat(client.isSilentFor(50)).isTrue();
            assertThat(rig.status(hold).held()).isEqualTo(1);

            ToyNode.await(hold.release());

            assertThat(client.welcomed()).isEqualTo("old");
        }
    }

    @Test
    void aLoginThatWaitsIsRefusedWhenItsPatienceEnds() {
        suspend(Duration.ofMillis(100));
        try (ToyClient client = ToyClient.connect(rig.address).login(DB)) {
            assertThat(client.rest()).isEqualTo("! suspended\n");
        }
    }

    @Test
    void whatIsKnownOfAServerFollowsTheRoute() {
        rig.client().close();
        rig.node.open(DB, rig.other, 2);
        rig.client().close();
        Hold hold = rig.drained();
        try (ToyClient client = ToyClient.connect(rig.address).login(DB)) {
            assertThat(client.welcomed()).isEqualTo("new");
        }
        ToyNode.await(hold.release());
        rig.node.remove(DB);
        rig.node.publish(ToyNode.route(DB, rig.old, 3, new RouteState.Suspended(Duration.ZERO)));
        try (ToyClient client = ToyClient.connect(rig.address).login(DB)) {
            assertThat(client.rest()).isEqualTo("! suspended\n");
        }
    }

    @Test
    void aDeletedRouteRefusesUnitsAndLogins() {
        try (ToyClient client = rig.client()) {
            rig.node.publish(ToyNode.route(DB, rig.old, 1, new RouteState.Deleted()));
            assertThat(client.ask("WHO")).isEqualTo("! deleted");
            assertThat(client.rest()).isEmpty();
        }
        try (ToyClient client = ToyClient.connect(rig.address).login(DB)) {
            assertThat(client.rest()).isEqualTo("! deleted\n");
        }
    }

    @Test
    void aClientMayCancelWhatWaits() {
        try (ToyClient client = rig.client();
                ToyClient canceller = ToyClient.connect(rig.address)) {
            Hold hold = rig.drained();
            client.send("WHO");
            await().until(() -> rig.status(hold).held() == 1);

            canceller.send(client.cancelLine());

            assertThat(client.line()).isEqualTo("! cancelled");
            assertThat(canceller.rest()).isEqualTo("HELLO\n");
            await().until(() -> rig.status(hold).held() == 0);
            client.send("ECHO 1");
            assertThat(ToyNode.await(hold.release()).held()).isEqualTo(1);
            assertThat(client.line()).isEqualTo("I ECHO 1");
            assertThat(rig.old.received()).containsExactly("ECHO 1");
        }
    }

    @Test
    void moreThanAllClientsTogetherMayKeepIsRefused() {
        NodeConfig config = ToyNode.config();
        rig.close();
        rig = new ToyRig(new NodeConfig(
                config.transport(),
                1,
                config.limits().withHeldBytesMax(10_000),
                config.loginFailuresMax(),
                config.times(),
                config.session(),
                config.links()));
        try (ToyClient small = rig.client();
                ToyClient large = rig.client()) {
            Hold hold = rig.drained();
            small.send("ECHO small");
            await().until(() -> rig.status(hold).held() == 1);

            large.send("ECHO " + "x".repeat(20_000));

            assertThat(large.line()).isEqualTo("! hold_overflow");
            ToyNode.await(hold.release());
            assertThat(small.line()).isEqualTo("I ECHO small");
            assertThat(large.ask("WHO")).isEqualTo("I old");
        }
    }

    @Test
    void aSessionIsReadNoMoreWhenItSentAllItMay() {
        NodeConfig config = ToyNode.config();
        rig.close();
        SessionLimits limits = new SessionLimits(10_000, 32 << 10, 64 << 10);
        rig = new ToyRig(new NodeConfig(
                config.transport(),
                1,
                config.limits().withHeldBytesMax(1 << 30),
                config.loginFailuresMax(),
                config.times(),
                limits,
                config.links()));
        try (ToyClient client = rig.client()) {
            Hold hold = rig.drained();
            int lines = 20_000;
            Thread sender = Thread.ofPlatform().start(() -> {
                for (int i = 0; i < lines; i++) {
                    client.send("ECHO " + "x".repeat(1_000));
                }
            });
            await().until(() -> rig.status(hold).heldBytes() >= 10_000);
            assertThat(rig.status(hold).heldBytes()).isLessThan(200_000);

            ToyNode.await(hold.release());

            for (int i = 0; i < lines; i++) {
                assertThat(client.line()).hasSize(1_007);
            }
            assertThat(sender.isAlive()).isFalse();
        } finally {
            assertThat(rig.old.received()).hasSize(20_000);
        }
    }

    @Test
    void aClientThatDoesNotTakeTheProxysAnswersIsReadNoMore() throws Exception {
        try (ToyClient client = rig.client()) {
            Hold hold = rig.drained();
            client.socket().setSoTimeout(1_000);
            Thread sender = Thread.ofPlatform().start(() -> {
                try {
                    String pings = "PING\n".repeat(10_000);
                    for (int i = 0; i < 1_000; i++) {
                        client.raw(pings);
                    }
                } catch (java.io.UncheckedIOException closed) {
                    // It never came to an end, as it should.
                }
            });
            await().during(Duration.ofMillis(300)).until(sender::isAlive);
            double read = rig.node.meter("proxy.frontend.bytes");
            await().during(Duration.ofMillis(200)).until(() -> rig.node.meter("proxy.frontend.bytes") == read);
            client.socket().close();
            ToyNode.await(hold.release());
            sender.join();
        }
    }

    @Test
    void aLinkThatIsLostOnHoldIsNoLossForWhoCanMove() {
        try (ToyClient client = rig.client();
                ToyClient tied = rig.client()) {
            client.ask("SET color red");
            tied.ask("TEMPORARY");
            Hold hold = rig.drained();
            client.send("GET color");

            rig.old.cut();

            assertThat(tied.rest()).isEqualTo("! session_cannot_move\n");
            await().until(() -> ToyNode.await(rig.node.node().sessions()).stream()
                    .allMatch(session -> session.server().isEmpty()));
            ToyNode.await(hold.release());
            assertThat(client.line()).isEqualTo("* moved to old");
            assertThat(client.line()).isEqualTo("I red");
        }
    }

    @Test
    void aRefusalIsNotPutIntoAMessageOfTheServer() {
        try (ToyClient client = rig.client()) {
            suspend(Duration.ofMillis(100));
            hearsHalf(client);

            client.send("WHO");

            assertThat(client.rest()).isEqualTo("* ne");
        }
    }

    @Test
    void aMessageWhoseRestIsLostIsNotFollowedByAnother() {
        try (ToyClient client = rig.client()) {
            suspend(ToyRig.LONG);
            hearsHalf(client);

            rig.old.cut();

            assertThat(client.rest()).isEqualTo("* ne");
        }
    }

    /** On hold, the server began to tell something of its own. */
    private void hearsHalf(ToyClient client) {
        await().until(() -> ToyNode.await(rig.node.node().sessions()).stream()
                .allMatch(session -> session.state().equals("held")));
        rig.old.announceHalf("ne");
        assertThat(client.isSilentFor(5_000)).isFalse();
    }

    @Test
    void aClientThatLeavesWhileItWaitsIsForgotten() {
        ToyClient client = rig.client();
        Hold hold = rig.drained();
        client.send("WHO");
        await().until(() -> rig.status(hold).held() == 1);

        client.close();

        await().until(() -> rig.status(hold).sessions() == 0);
        assertThat(rig.node.meter("proxy.hold.parked")).isZero();
        assertThat(ToyNode.await(hold.release()).held()).isZero();
        assertThat(rig.old.received()).isEmpty();
    }

    @Test
    void aServerThatDoesNotSayWhatASessionBuiltUpEndsIt() {
        try (ToyClient client = rig.client()) {
            rig.old.answerQuestions(false);

            Hold hold = rig.drained();

            assertThat(client.rest()).isEqualTo("! session_cannot_move\n");
            assertThat(ToyNode.await(hold.release()).closedByReason()).containsEntry("describe failed", 1);
        }
    }
}
