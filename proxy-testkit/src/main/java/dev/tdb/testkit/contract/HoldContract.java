package dev.tdb.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tdb.proxy.hold.Hold;
import dev.tdb.proxy.hold.HoldStatus;
import dev.tdb.proxy.hold.Released;
import dev.tdb.proxy.refusal.Refusal;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** What a hold means to a client, whatever it speaks. */
public interface HoldContract extends Contract {
    Duration LONG = Duration.ofSeconds(30);
    Duration AWHILE = Duration.ofMillis(150);

    @Test
    default void whatIsSentDuringAHoldReachesTheNewServerOnceAndInOrder() throws IOException {
        try (Rig rig = rig()) {
            Dialect dialect = rig.dialect();
            RawClient client = rig.client();
            Hold hold = rig.hold(LONG);
            client.send(dialect.trace(1), dialect.trace(2));
            rig.awaitParked(hold, 1);
            rig.awaitDrained(hold);

            rig.switchTo(rig.newServer(), hold);
            Released released = rig.release(hold);

            assertThat(client.receive()).isInstanceOf(Reply.Done.class);
            assertThat(client.receive()).isInstanceOf(Reply.Done.class);
            assertThat(rig.newServer().received()).containsExactly(1, 2);
            assertThat(rig.oldServer().received()).isEmpty();
            assertThat(released.moved()).isEqualTo(1);
            assertThat(released.held()).isEqualTo(1);
        }
    }

    @Test
    default void aSessionThatSaysNothingDuringAHoldGoesOnOnTheNewServer() throws IOException {
        try (Rig rig = rig()) {
            RawClient client = rig.client();
            client.call(rig.dialect().trace(1));
            Hold hold = rig.hold(LONG);
            rig.awaitDrained(hold);
            rig.switchTo(rig.newServer(), hold);
            rig.release(hold);

            Reply reply = client.call(rig.dialect().trace(2));

            assertThat(reply).isInstanceOf(Reply.Done.class);
            assertThat(rig.oldServer().received()).containsExactly(1);
            assertThat(rig.newServer().received()).containsExactly(2);
        }
    }

    @Test
    default void nothingIsAnsweredWhileTheHoldStands() throws IOException {
        try (Rig rig = rig()) {
            RawClient client = rig.client();
            Hold hold = rig.hold(LONG);
            client.send(rig.dialect().trace(1));

            boolean silent = client.hearsNothing(AWHILE);

            assertThat(silent).isTrue();
            assertThat(rig.oldServer().received()).isEmpty();
            rig.release(hold);
            assertThat(client.receive()).isInstanceOf(Reply.Done.class);
        }
    }

    @Test
    default void aHoldThatIsTakenBackLeavesTheSessionOnTheLinkItHad() throws IOException {
        try (Rig rig = rig()) {
            RawClient client = rig.client();
            client.call(rig.dialect().trace(1));
            long links = rig.oldServer().hop().accepted();
            Hold hold = rig.hold(LONG);
            client.send(rig.dialect().trace(2));
            rig.awaitParked(hold, 1);

            Released released = rig.release(hold);

            assertThat(client.receive()).isInstanceOf(Reply.Done.class);
            assertThat(rig.oldServer().received()).containsExactly(1, 2);
            assertThat(rig.oldServer().hop().accepted()).isEqualTo(links);
            assertThat(released.stayed()).isEqualTo(1);
            assertThat(released.moved()).isZero();
        }
    }

    @Test
    default void aTransactionThatHasBegunEndsOnTheOldServer() throws IOException {
        try (Rig rig = rig()) {
            Dialect dialect = rig.dialect();
            RawClient client = rig.client();
            client.call(dialect.begin());
            client.call(dialect.traceInTransaction(1));
            Hold hold = rig.hold(LONG);

            Reply inside = client.call(dialect.traceInTransaction(2));

            assertThat(inside).isInstanceOf(Reply.Done.class);
            assertThat(hold.drained()).isNotDone();
            assertThat(client.call(dialect.commit())).isInstanceOf(Reply.Done.class);
            rig.awaitDrained(hold);
            client.send(dialect.trace(3));
            rig.switchTo(rig.newServer(), hold);
            rig.release(hold);
            assertThat(client.receive()).isInstanceOf(Reply.Done.class);
            assertThat(rig.oldServer().received()).containsExactly(1, 2);
            assertThat(rig.newServer().received()).containsExactly(3);
        }
    }

    @Test
    default void whoConnectsDuringAHoldIsServedByTheNewServer() throws IOException {
        try (Rig rig = rig()) {
            rig.client().call(rig.dialect().ask());
            Hold hold = rig.hold(LONG);
            rig.awaitDrained(hold);
            long links = rig.oldServer().hop().accepted();
            RawClient late = rig.client();
            late.send(rig.dialect().trace(1));

            rig.switchTo(rig.newServer(), hold);
            rig.release(hold);

            assertThat(late.receive()).isInstanceOf(Reply.Done.class);
            assertThat(rig.newServer().received()).containsExactly(1);
            assertThat(rig.oldServer().hop().accepted()).isEqualTo(links);
        }
    }

    @Test
    default void whatAClientSentThatLeftDuringAHoldIsNotExecuted() throws IOException {
        try (Rig rig = rig()) {
            RawClient client = rig.client();
            Hold hold = rig.hold(LONG);
            client.send(rig.dialect().trace(1));
            rig.awaitParked(hold, 1);

            client.reset();

            rig.awaitSessions(0);
            rig.release(hold);
            assertThat(rig.client().call(rig.dialect().trace(2))).isInstanceOf(Reply.Done.class);
            assertThat(rig.oldServer().received()).containsExactly(2);
        }
    }

    @Test
    default void unitsGoOnWhenTheLastOfSeveralHoldsIsTakenBack() throws IOException {
        try (Rig rig = rig()) {
            RawClient client = rig.client();
            Hold first = rig.hold(LONG);
            Hold second = rig.hold(LONG);
            client.send(rig.dialect().trace(1));
            rig.awaitParked(first, 1);
            first.release();
            first.release();

            boolean silent = client.hearsNothing(AWHILE);

            assertThat(silent).isTrue();
            rig.release(second);
            assertThat(client.receive()).isInstanceOf(Reply.Done.class);
        }
    }

    @Test
    default void theOtherTenantDoesNotNotice() throws IOException {
        try (Rig rig = rig()) {
            RawClient neighbour = rig.client(rig.neighbour());
            Hold hold = rig.hold(LONG);

            Reply reply = neighbour.call(rig.dialect().ask());

            assertThat(reply).isInstanceOf(Reply.Done.class);
            rig.release(hold);
        }
    }

    @Test
    default void aHealthCheckThatNeedsNoServerIsAnsweredWhileTheHoldStands() throws IOException {
        try (Rig rig = rig()) {
            Optional<Unit> ping = rig.dialect().ping();
            Assumptions.assumeTrue(ping.isPresent(), "this protocol has no such check");
            RawClient client = rig.client();
            Hold hold = rig.hold(LONG);
            rig.awaitDrained(hold);

            Reply reply = client.call(ping.get());

            assertThat(reply).isInstanceOf(Reply.Done.class);
            rig.release(hold);
        }
    }

    @Test
    default void aHoldSaysWhatItHasToDoWith() throws IOException {
        try (Rig rig = rig()) {
            Dialect dialect = rig.dialect();
            rig.client();
            RawClient waiting = rig.client();
            RawClient busy = rig.client();
            busy.call(dialect.begin());
            Hold hold = rig.hold(LONG);
            waiting.send(dialect.trace(1));
            rig.awaitParked(hold, 1);

            HoldStatus status = Rig.get(hold.status());

            assertThat(status.sessions()).isEqualTo(3);
            assertThat(status.inFlight()).isEqualTo(1);
            assertThat(status.heldBytes()).isEqualTo(dialect.trace(1).bytes().length());
            busy.call(dialect.commit());
            rig.awaitDrained(hold);
            rig.release(hold);
        }
    }

    @Test
    default void aStragglerThatIsKilledIsToldOnceAndTheOthersGoOn() throws IOException {
        try (Rig rig = rig()) {
            Dialect dialect = rig.dialect();
            RawClient straggler = rig.client();
            straggler.call(dialect.begin());
            straggler.call(dialect.traceInTransaction(1));
            RawClient other = rig.client();
            Hold hold = rig.hold(LONG);
            other.send(dialect.trace(2));
            rig.awaitParked(hold, 1);
            Refusal refusal = new Refusal.SessionCannotMove(rig.database(), "in transaction");

            int killed = Rig.get(hold.kill(refusal));

            assertThat(killed).isEqualTo(1);
            assertThat(straggler.receive()).isEqualTo(rig.failed(refusal));
            assertThat(straggler.receive()).isEqualTo(new Reply.Gone());
            rig.awaitDrained(hold);
            rig.switchTo(rig.newServer(), hold);
            rig.release(hold);
            assertThat(other.receive()).isInstanceOf(Reply.Done.class);
            assertThat(rig.oldServer().received()).isEmpty();
            assertThat(rig.newServer().received()).containsExactly(2);
        }
    }

    /** Twenty flips under the eyes of a few sessions: nothing lost, nothing twice, each in its own order. */
    @Test
    default void aRouteThatIsFlippedToAndFroLosesNothing() throws IOException {
        try (Rig rig = rig()) {
            Dialect dialect = rig.dialect();
            List<RawClient> clients = List.of(rig.client(), rig.client(), rig.client());
            int next = 1;
            for (int flip = 0; flip < 20; flip++) {
                Hold hold = rig.hold(LONG);
                for (RawClient client : clients) {
                    client.send(dialect.trace(next++));
                }
                rig.awaitParked(hold, clients.size());
                rig.awaitDrained(hold);
                rig.switchTo(flip % 2 == 0 ? rig.newServer() : rig.oldServer(), hold);
                rig.release(hold);
                for (RawClient client : clients) {
                    assertThat(client.receive()).isInstanceOf(Reply.Done.class);
                }
            }
            assertThat(rig.oldServer().received()).hasSize(30).doesNotHaveDuplicates();
            assertThat(rig.newServer().received()).hasSize(30).doesNotHaveDuplicates();
        }
    }
}
