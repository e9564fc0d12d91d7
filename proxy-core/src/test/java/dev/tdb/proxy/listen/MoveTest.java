package dev.tdb.proxy.listen;

import static dev.tdb.proxy.listen.ToyRig.DB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tdb.proxy.hold.Hold;
import dev.tdb.proxy.hold.HoldStatus;
import dev.tdb.proxy.hold.Released;
import dev.tdb.proxy.refusal.Refusal;
import dev.tdb.proxy.toy.NoLeaks;
import dev.tdb.proxy.toy.ToyClient;
import dev.tdb.proxy.toy.ToyNode;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Sessions change servers, over loopback sockets. */
@ExtendWith(NoLeaks.class)
final class MoveTest {
    private final ToyRig rig = new ToyRig();

    @AfterEach
    void stop() {
        rig.close();
    }

    @Test
    void sessionsMoveWithTheirStateAndWhatWaitsGoesToTheNewServerInOrder() {
        try (ToyClient first = rig.client();
                ToyClient second = rig.client();
                ToyClient third = rig.client()) {
            first.ask("SET color red");
            second.ask("SET color blue");
            Hold hold = rig.drained();
            second.send("GET color", "ECHO after");
            await().until(() -> rig.status(hold).held() == 1);
            first.send("GET color");
            await().until(() -> rig.status(hold).held() == 2);
            assertThat(first.isSilentFor(50)).isTrue();
            assertThat(rig.node.meter("proxy.hold.parked")).isEqualTo(2);
            rig.node.open(DB, rig.other, 2);
            ToyNode.await(hold.switched());
            await().until(() -> rig.old.connections() == 0);

            Released released = ToyNode.await(hold.release());

            assertThat(released).isEqualTo(new Released(2, 3, 0, Map.of()));
            assertThat(second.line()).isEqualTo("* moved to new");
            assertThat(second.line()).isEqualTo("I blue");
            assertThat(second.line()).isEqualTo("I ECHO after");
            assertThat(first.line()).isEqualTo("* moved to new");
            assertThat(first.line()).isEqualTo("I red");
            assertThat(third.line()).isEqualTo("* moved to new");
            assertThat(third.ask("WHO")).isEqualTo("I new");
            assertThat(rig.old.received()).containsExactlyInAnyOrder("SET color red", "SET color blue");
            assertThat(rig.node.meter("proxy.hold.parked")).isZero();
        }
    }

    @Test
    void aHoldThatIsGivenUpLeavesSessionsWhereTheyWere() {
        try (ToyClient client = rig.client()) {
            client.ask("SET color red");
            Hold hold = rig.drained();
            client.send("GET color");
            await().until(() -> rig.status(hold).held() == 1);

            Released released = ToyNode.await(hold.release());

            assertThat(released).isEqualTo(new Released(1, 0, 1, Map.of()));
            assertThat(client.line()).isEqualTo("I red");
            assertThat(rig.old.logins()).isEqualTo(1);
        }
    }

    @Test
    void aTransactionIsWaitedForAndWhatFollowsItIsHeld() {
        try (ToyClient client = rig.client()) {
            client.ask("BEGIN");
            Hold hold = rig.node.hold(DB, ToyRig.LONG);
            var drained = hold.drained();
            assertThat(client.ask("SET color red")).isEqualTo("T OK");
            assertThat(drained).isNotDone();
            // The commit ends the unit; whether the next line begins another is known from its reply only.
            client.send("COMMIT", "WHO");

            assertThat(client.line()).isEqualTo("I COMMIT");
            ToyNode.await(drained);
            assertThat(client.isSilentFor(50)).isTrue();
            rig.node.open(DB, rig.other, 2);
            ToyNode.await(hold.switched());
            ToyNode.await(hold.release());

            assertThat(client.line()).isEqualTo("* moved to new");
            assertThat(client.line()).isEqualTo("I new");
            assertThat(rig.old.received()).containsExactly("BEGIN", "SET color red", "COMMIT");
        }
    }

    @Test
    void aSubscriberStandsOnTheNewServerBeforeAnybodyMaySpeakThere() {
        try (ToyClient client = rig.client()) {
            client.ask("SUBSCRIBE");
            Hold hold = rig.drained();
            rig.old.announce("before");
            assertThat(client.line()).isEqualTo("* before");
            rig.node.open(DB, rig.other, 2);

            ToyNode.await(hold.switched());

            rig.other.announce("after");
            assertThat(client.line()).isEqualTo("* moved to new");
            assertThat(client.line()).isEqualTo("* after");
            assertThat(ToyNode.await(hold.release())).isEqualTo(new Released(0, 1, 0, Map.of()));
        }
    }

    @Test
    void aSessionThatCannotMoveIsReportedThenEndedWithItsReason() {
        try (ToyClient client = rig.client()) {
            client.ask("TEMPORARY");
            Hold hold = rig.drained();
            assertThat(rig.status(hold).unmovable()).isEqualTo(Map.of("temporary table", 1));
            rig.node.open(DB, rig.other, 2);
            ToyNode.await(hold.switched());

            Released released = ToyNode.await(hold.release());

            assertThat(released.closedByReason()).isEqualTo(Map.of("temporary table", 1));
            assertThat(client.rest()).isEqualTo("! session_cannot_move\n");
        }
    }

    @Test
    void aSurveyTellsWhoCouldNotMoveAndHoldsNobody() {
        try (ToyClient client = rig.client();
                ToyClient other = rig.client()) {
            client.ask("TEMPORARY");

            HoldStatus status = ToyNode.await(rig.node.node().survey(ToyNode.key(DB)));

            assertThat(status).isEqualTo(new HoldStatus(2, 0, 0, 0, Map.of("temporary table", 1)));
            assertThat(client.ask("WHO")).isEqualTo("I old");
            assertThat(other.ask("WHO")).isEqualTo("I old");
        }
    }

    @Test
    void aSessionWhoseStateTheNewServerRefusesIsEnded() {
        try (ToyClient client = rig.client()) {
            client.ask("SET badnew 1");
            Hold hold = rig.drained();
            rig.node.open(DB, rig.other, 2);
            ToyNode.await(hold.switched());

            Released released = ToyNode.await(hold.release());

            assertThat(released.closedByReason()).isEqualTo(Map.of("setting refused", 1));
            assertThat(client.rest()).isEqualTo("! session_cannot_move\n");
        }
    }

    @Test
    void aRouteThatMovesWithoutAHoldIsFollowedBeforeTheNextUnit() {
        try (ToyClient idle = rig.client();
                ToyClient busy = rig.client()) {
            idle.ask("SET color red");
            busy.ask("BEGIN");

            rig.node.open(DB, rig.other, 2);

            assertThat(idle.ask("GET color")).isEqualTo("* moved to new");
            assertThat(idle.line()).isEqualTo("I red");
            assertThat(busy.ask("WHO")).isEqualTo("T old");
            assertThat(busy.ask("COMMIT")).isEqualTo("I COMMIT");
            assertThat(busy.ask("WHO")).isEqualTo("* moved to new");
            assertThat(busy.line()).isEqualTo("I new");
        }
    }

    @Test
    void aRouteThatIsGoneEndsItsSessionsAtTheirNextUnitAndWhenHeldAtOnce() {
        try (ToyClient client = rig.client()) {
            rig.node.remove(DB);
            assertThat(client.ask("WHO")).isEqualTo("! unknown_database");
        }
        rig.node.open(DB, rig.old, 1);
        try (ToyClient client = rig.client()) {
            Hold hold = rig.drained();
            client.send("WHO");
            rig.node.remove(DB);

            ToyNode.await(hold.release());

            assertThat(client.rest()).isEqualTo("! unknown_database\n");
        }
    }

    @Test
    void anotherHoldThatBeginsBeforeSessionsGoOnHoldsThemAgain() {
        try (ToyClient client = rig.client()) {
            Hold first = rig.drained();
            client.send("WHO");
            await().until(() -> rig.status(first).held() == 1);
            rig.other.loginsTake(200);
            rig.node.open(DB, rig.other, 2);
            ToyNode.await(first.switched());
            var released = first.release();

            Hold second = rig.node.hold(DB, ToyRig.LONG);

            // What the first release can still say, it says at once.
            assertThat(ToyNode.await(released).held()).isEqualTo(1);
            ToyNode.await(second.drained());
            assertThat(rig.other.received()).isEmpty();
            assertThat(client.line()).isEqualTo("* moved to new");
            assertThat(client.isSilentFor(50)).isTrue();
            ToyNode.await(second.release());
            assertThat(client.line()).isEqualTo("I new");
        }
    }

    @Test
    void unitsWaitUntilTheLastOfSeveralHoldsIsGivenBack() {
        try (ToyClient client = rig.client()) {
            Hold first = rig.drained();
            Hold second = rig.drained();
            client.send("WHO");
            assertThat(ToyNode.await(first.release())).isEqualTo(Released.none());
            assertThat(ToyNode.await(first.release())).isEqualTo(Released.none());
            assertThat(client.isSilentFor(50)).isTrue();

            ToyNode.await(second.release());

            assertThat(client.line()).isEqualTo("I old");
        }
    }

    @Test
    void stragglersAreKilledEachWithOneError() {
        try (ToyClient busy = rig.client();
                ToyClient idle = rig.client()) {
            busy.ask("BEGIN");
            Hold hold = rig.node.hold(DB, ToyRig.LONG);
            var drained = hold.drained();
            await().until(() -> rig.status(hold).inFlight() == 1);

            int killed = ToyNode.await(hold.kill(new Refusal.Terminated("the tenant moves")));

            assertThat(killed).isEqualTo(1);
            assertThat(busy.rest()).isEqualTo("! terminated\n");
            ToyNode.await(drained);
            Released released = ToyNode.await(hold.release());
            assertThat(released).isEqualTo(new Released(0, 0, 1, Map.of("terminated", 1)));
            assertThat(idle.ask("WHO")).isEqualTo("I old");
        }
    }

    @Test
    void aMessageThatNobodyAnswersKeepsNobodyWaiting() {
        try (ToyClient client = rig.client()) {
            client.send("NOTE one");
            await().until(() -> rig.old.received().contains("NOTE one"));

            Hold hold = rig.drained();

            ToyNode.await(hold.release());
            assertThat(client.ask("WHO")).isEqualTo("I old");
        }
    }

    @Test
    void aHoldWaitsForTheRestOfALineThatAnswersNothing() {
        try (ToyClient client = rig.client()) {
            client.send("ASIDE");
            assertThat(client.line()).isEqualTo("I OK");
            Hold hold = rig.node.hold(DB, ToyRig.LONG);
            var drained = hold.drained();
            assertThat(drained).isNotDone();

            rig.old.goOn(1);

            ToyNode.await(drained);
            assertThat(client.line()).isEqualTo("* aside");
            ToyNode.await(hold.release());
            assertThat(client.ask("WHO")).isEqualTo("I old");
        }
    }
}
