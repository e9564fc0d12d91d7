package dev.tdb.proxy.listen;

import static dev.tdb.proxy.listen.ToyRig.DB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tdb.proxy.frontend.SessionTimes;
import dev.tdb.proxy.hold.Hold;
import dev.tdb.proxy.hold.Released;
import dev.tdb.proxy.toy.NoLeaks;
import dev.tdb.proxy.toy.ToyClient;
import dev.tdb.proxy.toy.ToyNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the last unit of a route tells those who subscribed, over loopback sockets. */
@ExtendWith(NoLeaks.class)
final class SubscriberTest {
    private ToyRig rig = new ToyRig();

    @AfterEach
    void stop() {
        rig.close();
    }

    private ToyClient subscriber() {
        ToyClient client = rig.client();
        client.ask("SUBSCRIBE");
        return client;
    }

    /** A hold that one transaction keeps from being drained, while everybody else is described. */
    private Hold heldBut(ToyClient busy, Duration patience) {
        busy.ask("BEGIN");
        Hold hold = rig.node.hold(DB, patience);
        await().until(() -> ToyNode.await(rig.node.node().sessions()).stream()
                .allMatch(session ->
                        session.number() == busy.number() || session.state().equals("held")));
        return hold;
    }

    /** Tells something as the last thing that is done before the drain. */
    private static void tell(ToyClient busy, String news) {
        assertThat(busy.ask("TELL " + news)).isEqualTo("T OK");
        assertThat(busy.ask("COMMIT")).isEqualTo("I COMMIT");
    }

    /** Everything is settled, and the server keeps the subscriber waiting. */
    private Hold silentlyHearing(ToyClient busy, Duration patience) {
        Hold hold = heldBut(busy, patience);
        var _ = hold.drained();
        rig.old.answerQuestions(false);
        // It is not asked what it has built up, since it leaves.
        busy.close();
        await().until(() -> rig.old.hearings() == 1);
        return hold;
    }

    @Test
    void whatTheLastUnitToldIsHeardOnAllLoopsBeforeTheDrainIsOver() {
        List<ToyClient> subscribers = new ArrayList<>();
        try (ToyClient busy = rig.client()) {
            for (int i = 0; i < 6; i++) {
                subscribers.add(subscriber());
            }
            Hold hold = heldBut(busy, ToyRig.LONG);
            CompletableFuture<Void> drained = hold.drained();
            tell(busy, "news");

            ToyNode.await(drained);

            rig.old.cut();
            rig.node.open(DB, rig.other, 2);
            ToyNode.await(hold.switched());
            subscribers.forEach(subscriber -> {
                assertThat(subscriber.line()).isEqualTo("* news");
                assertThat(subscriber.line()).isEqualTo("* moved to new");
            });
            assertThat(ToyNode.await(hold.release())).isEqualTo(new Released(0, 7, 0, Map.of()));
        } finally {
            subscribers.forEach(ToyClient::close);
        }
    }

    @Test
    void whoDidNotSubscribeIsAskedNothing() {
        try (ToyClient client = rig.client()) {
            client.ask("SET color red");

            Hold hold = rig.drained();

            assertThat(rig.old.hearings()).isZero();
            ToyNode.await(hold.release());
        }
    }

    @Test
    void whatIsDrainedStaysSoForAllHoldsThatStandTogether() {
        try (ToyClient subscriber = subscriber()) {
            Hold first = rig.drained();
            assertThat(rig.old.hearings()).isEqualTo(1);
            rig.old.answerQuestions(false);

            Hold second = rig.drained();

            assertThat(rig.old.hearings()).isEqualTo(1);
            ToyNode.await(first.release());
            ToyNode.await(second.release());
            rig.old.answerQuestions(true);
            Hold third = rig.drained();
            assertThat(rig.old.hearings()).isEqualTo(2);
            ToyNode.await(third.release());
            assertThat(subscriber.ask("WHO")).isEqualTo("I old");
        }
    }

    @Test
    void aServerThatIsSilentKeepsTheDrainForAWhileAndItsSessionGoesOnElsewhere() {
        try (ToyClient subscriber = subscriber();
                ToyClient busy = rig.client()) {
            Hold hold = silentlyHearing(busy, ToyRig.LONG);

            ToyNode.await(hold.drained());

            rig.node.open(DB, rig.other, 2);
            ToyNode.await(hold.switched());
            assertThat(subscriber.line()).isEqualTo("* moved to new");
            ToyNode.await(hold.release());
            assertThat(subscriber.ask("WHO")).isEqualTo("I new");
        }
    }

    @Test
    void aServerThatIsGoneKeepsNobodyWaiting() {
        try (ToyClient subscriber = subscriber();
                ToyClient busy = rig.client()) {
            Hold hold = silentlyHearing(busy, ToyRig.LONG);
            CompletableFuture<Void> drained = hold.drained();

            rig.old.cut();

            ToyNode.await(drained);
            rig.old.answerQuestions(true);
            ToyNode.await(hold.release());
            assertThat(subscriber.line()).isEqualTo("* moved to old");
        }
    }

    @Test
    void aUnitThatComesMeanwhileWaitsAsLongAsItMay() {
        NodeConfig config = ToyNode.config();
        SessionTimes times = config.times();
        Duration silence = Duration.ofSeconds(4);
        rig.close();
        rig = new ToyRig(new NodeConfig(
                config.transport(),
                config.eventLoops(),
                config.limits(),
                config.loginFailuresMax(),
                new SessionTimes(times.login(), times.link(), silence, times.lastUnit(), times.lastWord()),
                config.session(),
                config.links()));
        try (ToyClient subscriber = subscriber();
                ToyClient busy = rig.client()) {
            Hold hold = silentlyHearing(busy, Duration.ofMillis(200));
            assertThat(subscriber.ask("PING")).isEqualTo("I PONG");
            long since = System.nanoTime();

            subscriber.send("WHO");

            assertThat(subscriber.line()).isEqualTo("! hold_timed_out");
            assertThat(Duration.ofNanos(System.nanoTime() - since))
                    .isBetween(Duration.ofMillis(195), silence.minusSeconds(1));
            rig.old.mutter("I HEARD\n");
            ToyNode.await(hold.drained());
            ToyNode.await(hold.release());
        }
    }

    @Test
    void aHoldThatIsGivenUpMeanwhileLeavesTheSessionWhereItIs() {
        try (ToyClient subscriber = subscriber();
                ToyClient busy = rig.client()) {
            Hold hold = silentlyHearing(busy, ToyRig.LONG);
            CompletableFuture<Void> drained = hold.drained();
            subscriber.send("WHO");
            await().until(() -> rig.status(hold).held() == 1);

            CompletableFuture<Released> released = hold.release();

            assertThat(subscriber.isSilentFor(50)).isTrue();
            rig.old.mutter("I HEARD\n");
            assertThat(subscriber.line()).isEqualTo("I old");
            ToyNode.await(drained);
            assertThat(ToyNode.await(released)).isEqualTo(new Released(1, 0, 1, Map.of()));
            assertThat(rig.old.logins()).isEqualTo(2);
        }
    }

    @Test
    void aHoldThatBeginsMeanwhileIsDrainedWhenTheServerWasHeardAgain() {
        try (ToyClient subscriber = subscriber();
                ToyClient busy = rig.client();
                ToyClient teller = rig.client()) {
            Hold first = silentlyHearing(busy, ToyRig.LONG);
            var _ = first.release();
            rig.old.answerQuestions(true);
            assertThat(teller.ask("TELL news")).isEqualTo("I OK");
            CompletableFuture<Void> drained = rig.node.hold(DB, ToyRig.LONG).drained();
            assertThat(drained).isNotDone();

            rig.old.mutter("I HEARD\n");

            ToyNode.await(drained);
            assertThat(rig.old.hearings()).isEqualTo(2);
            assertThat(subscriber.line()).isEqualTo("* news");
        }
    }

    @Test
    void aRouteThatMovesMeanwhileIsFollowed() {
        try (ToyClient subscriber = subscriber();
                ToyClient busy = rig.client()) {
            Hold hold = silentlyHearing(busy, ToyRig.LONG);
            rig.node.open(DB, rig.other, 2);
            CompletableFuture<Void> switched = hold.switched();
            assertThat(subscriber.isSilentFor(50)).isTrue();
            assertThat(switched).isNotDone();

            rig.old.mutter("* news\nI HEARD\n");

            ToyNode.await(switched);
            assertThat(subscriber.line()).isEqualTo("* news");
            assertThat(subscriber.line()).isEqualTo("* moved to new");
            rig.other.announce("after");
            assertThat(subscriber.line()).isEqualTo("* after");
            assertThat(ToyNode.await(hold.release())).isEqualTo(new Released(0, 1, 0, Map.of()));
        }
    }

    @Test
    void nothingIsAskedInTheMiddleOfALine() throws IOException {
        try (ToyClient subscriber = subscriber();
                ToyClient busy = rig.client()) {
            Hold hold = heldBut(busy, ToyRig.LONG);
            CompletableFuture<Void> drained = hold.drained();
            rig.old.mutter("* ne");
            await().until(() -> !subscriber.isSilentFor(10));
            busy.socket().close();
            await().until(() -> ToyNode.await(rig.node.node().sessions()).stream()
                    .anyMatch(session -> session.state().equals("hearing out")));
            assertThat(rig.old.hearings()).isZero();

            rig.old.mutter("ws\n");

            ToyNode.await(drained);
            assertThat(subscriber.line()).isEqualTo("* news");
            assertThat(rig.old.hearings()).isEqualTo(1);
            ToyNode.await(hold.release());
        }
    }

    @Test
    void aClientThatLeavesMeanwhileIsNotWaitedFor() throws IOException {
        try (ToyClient subscriber = subscriber();
                ToyClient busy = rig.client()) {
            Hold hold = silentlyHearing(busy, ToyRig.LONG);
            CompletableFuture<Void> drained = hold.drained();

            subscriber.socket().close();

            ToyNode.await(drained);
            assertThat(rig.status(hold).sessions()).isZero();
            ToyNode.await(hold.release());
        }
    }

    @Test
    void aSessionThatIsEndedMeanwhileIsNotWaitedFor() {
        try (ToyClient subscriber = subscriber();
                ToyClient busy = rig.client()) {
            Hold hold = silentlyHearing(busy, ToyRig.LONG);
            CompletableFuture<Void> drained = hold.drained();

            rig.node.node().endSession(subscriber.number(), "by the operator");

            assertThat(subscriber.rest()).isEqualTo("! terminated\n");
            ToyNode.await(drained);
            ToyNode.await(hold.release());
        }
    }
}
