package dev.tdb.proxy.frontend;

import static dev.tdb.proxy.frontend.RecordingActions.CUTOVER;
import static dev.tdb.proxy.frontend.RecordingActions.DB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tdb.proxy.hold.HoldTerms;
import dev.tdb.proxy.refusal.ProtocolViolation;
import dev.tdb.proxy.refusal.Refusal;
import dev.tdb.proxy.toy.NoLeaks;
import dev.tdb.proxy.toy.ToyState;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

@ExtendWith(NoLeaks.class)
final class HeldTest {
    private static final SessionState STATE = new ToyState(Map.of("color", "red"), false);
    private static final Described MOVABLE = new Described.Movable(STATE);
    private static final Described SUBSCRIBED = new Described.Movable(new ToyState(Map.of(), true));
    private static final Described UNMOVABLE = new Described.Unmovable("temporary table");
    private static final Refusal TIMED_OUT = new Refusal.HoldTimedOut(DB, CUTOVER.patience());
    private static final Refusal CANNOT_MOVE = new Refusal.SessionCannotMove(DB, "temporary table");

    @RegisterExtension
    final RecordingActions actions = new RecordingActions();

    @BeforeEach
    void hold() {
        actions.holding = true;
    }

    private Held held(Described described, String... waiting) {
        return Held.of(new Footing.On(actions.link), described, Welcome.SAID, actions.waiting(waiting), actions);
    }

    private Held held(String... waiting) {
        return held(MOVABLE, waiting);
    }

    private Held adrift(String... waiting) {
        return Held.of(new Footing.Off(), MOVABLE, Welcome.SAID, actions.waiting(waiting), actions);
    }

    /** A client that logged in and was told nothing yet. */
    private Held unwelcome(String... waiting) {
        return Held.of(new Footing.Off(), MOVABLE, Welcome.OWED, actions.waiting(waiting), actions);
    }

    private void routeMoves() {
        actions.route = Optional.of(RecordingActions.route(2));
    }

    private static FrontendEvent.CancelAsked cancel(Runnable done) {
        return new FrontendEvent.CancelAsked(done);
    }

    // ---- patience

    @Test
    void whoSendsNothingWaitsForNothing() {
        Held held = held();

        assertThat(held.isParked()).isFalse();
        assertThat(held.deadline(actions.nowNanos)).isEmpty();
    }

    @Test
    void patienceIsCountedFromTheArrivalOfTheOldestUnit() {
        Held held = held();
        actions.after(Duration.ofSeconds(10));
        FrontendState first = held.onClient(actions.bytes("WHO"), actions);
        assertThat(first).isNotSameAs(held);
        assertThat(first.deadline(actions.nowNanos)).contains(CUTOVER.patience());
        actions.after(Duration.ofSeconds(4));

        FrontendState second = first.onClient(actions.bytes("GET"), actions);

        assertThat(second).as("the deadline that runs goes on").isSameAs(first);
        assertThat(second.deadline(actions.nowNanos))
                .contains(CUTOVER.patience().minusSeconds(4));
        assertThat(second.isParked()).isTrue();
        assertThat(second.parkedBytes()).isEqualTo(6);
    }

    @Test
    void whatWaitedBeforeTheHoldWasKnownIsNoYounger() {
        var waiting = actions.waiting("WHO");
        actions.after(Duration.ofSeconds(2));

        Held held = Held.of(new Footing.On(actions.link), MOVABLE, Welcome.SAID, waiting, actions);

        assertThat(held.deadline(actions.nowNanos)).contains(CUTOVER.patience().minusSeconds(2));
    }

    @Test
    void patienceThatEndsRefusesTheUnitAndTheNextHasItsOwn() {
        Held held = held("WHO");
        actions.after(CUTOVER.patience());

        FrontendState next = held.onEvent(new FrontendEvent.DeadlinePassed(), actions);

        assertThat(actions.done()).containsExactly("count " + TIMED_OUT, "heldFor 30000 ms", "refuse WHO " + TIMED_OUT);
        assertThat(next.isParked()).isFalse();
        assertThat(next.deadline(actions.nowNanos)).isEmpty();
        FrontendState again = next.onClient(actions.bytes("GET"), actions);
        assertThat(again.deadline(actions.nowNanos)).contains(CUTOVER.patience());
    }

    @Test
    void theWaitForAWelcomeIsCountedFromTheLogin() {
        Held held = unwelcome();
        actions.after(Duration.ofSeconds(10));

        FrontendState next = held.onClient(actions.bytes("WHO"), actions);

        assertThat(next).isSameAs(held);
        assertThat(next.deadline(actions.nowNanos)).contains(CUTOVER.patience().minusSeconds(10));
    }

    @Test
    void aLoginWhosePatienceEndsIsOver() {
        Held held = unwelcome("WHO");

        assertThat(held.onEvent(new FrontendEvent.DeadlinePassed(), actions)).isEqualTo(new Closed());

        assertThat(actions.done()).containsExactly("say " + TIMED_OUT);
        assertThat(held.parkedBytes()).isZero();
    }

    @Test
    void aRefusalThatEndsTheConnectionIsSaidOnce() {
        actions.terms = new HoldTerms(HoldTerms.Cause.DELETED, Duration.ZERO);

        assertThat(held().onClient(actions.bytes("WHO"), actions)).isEqualTo(new Closed());

        assertThat(actions.done()).containsExactly("discard@1", "say " + new Refusal.Deleted(DB));
    }

    // ---- terms that change

    @Test
    void newTermsCountFromTheArrivalAllTheSame() {
        Held held = held("WHO");
        actions.after(Duration.ofSeconds(1));
        actions.terms = new HoldTerms(HoldTerms.Cause.SUSPENDED, Duration.ofSeconds(5));

        FrontendState next = held.onEvent(new FrontendEvent.HoldBegan(), actions);

        assertThat(next.deadline(actions.nowNanos)).contains(Duration.ofSeconds(4));
        assertThat(actions.done()).isEmpty();
    }

    @Test
    void newTermsThatAreOverAlreadyAreOverNow() {
        Held held = held("WHO");
        actions.after(Duration.ofSeconds(6));
        actions.terms = new HoldTerms(HoldTerms.Cause.SUSPENDED, Duration.ofSeconds(5));

        FrontendState next = held.onEvent(new FrontendEvent.HoldBegan(), actions);

        assertThat(next.deadline(actions.nowNanos)).contains(Duration.ZERO);
    }

    @Test
    void newTermsWithoutPatienceRefuseAtOnceWhatWaits() {
        Held held = held("WHO");
        actions.terms = RecordingActions.IMPATIENT;

        FrontendState next = held.onEvent(new FrontendEvent.HoldBegan(), actions);

        Refusal atOnce = new Refusal.HoldTimedOut(DB, Duration.ZERO);
        assertThat(actions.done()).containsExactly("count " + atOnce, "heldFor 0 ms", "refuse WHO " + atOnce);
        assertThat(next.isParked()).isFalse();
    }

    @Test
    void newTermsCountForALoginFromItsBeginning() {
        Held held = unwelcome();
        actions.after(Duration.ofSeconds(1));
        actions.terms = new HoldTerms(HoldTerms.Cause.SUSPENDED, Duration.ofSeconds(5));

        FrontendState next = held.onEvent(new FrontendEvent.HoldBegan(), actions);

        assertThat(next.deadline(actions.nowNanos)).contains(Duration.ofSeconds(4));
    }

    // ---- what waits

    @Test
    void whatNeedsNoServerIsAnsweredWhileNothingWaits() {
        actions.conversation.answeredBytes = 4;

        FrontendState next = held().onClient(actions.bytes("PINGWHO"), actions);

        assertThat(next.parkedBytes()).isEqualTo(3);
        assertThat(next.onClient(actions.bytes("PING"), actions).parkedBytes()).isEqualTo(7);
    }

    @Test
    void whoIsOnlyAnsweredStaysAsItWas() {
        actions.conversation.answeredBytes = 4;
        Held held = held();

        assertThat(held.onClient(actions.bytes("PING"), actions)).isSameAs(held);
    }

    @Test
    void aGoodbyeIsTheEnd() {
        actions.conversation.leaving = true;

        assertThat(held().onClient(actions.bytes("QUIT"), actions)).isEqualTo(new Closed());

        assertThat(actions.done()).containsExactly("discard@1", "close");
    }

    @Test
    void whatBreaksTheProtocolIsReleased() {
        actions.conversation.violates = true;

        assertThatThrownBy(() -> held().onClient(actions.bytes("?"), actions)).isInstanceOf(ProtocolViolation.class);
    }

    @Test
    void whatComesBehindTheRestOfWhatWasRefusedHasAPatienceOfItsOwn() {
        actions.conversation.skipping = true;
        actions.conversation.answeredBytes = 4;

        FrontendState next = held().onClient(actions.bytes("restWHO"), actions);

        assertThat(actions.done()).isEmpty();
        assertThat(next.isParked()).isTrue();
        assertThat(next.parkedBytes()).isEqualTo(3);
    }

    @Test
    void theRestOfWhatWasRefusedIsNotTakenFromBehindWhatWaits() {
        actions.conversation.skipping = true;
        Held held = held("rest");

        FrontendState next = held.onClient(actions.bytes("WHO"), actions);

        assertThat(actions.done()).isEmpty();
        assertThat(next.parkedBytes()).isEqualTo(7);
        next.onEvent(new FrontendEvent.HoldEnded(), actions);
        assertThat(actions.done()).contains("toServer@1 restWHO");
    }

    @Test
    void moreThanAllMayKeepIsRefused() {
        actions.spendBudget();

        FrontendState next = held().onClient(actions.bytes("WHO"), actions);

        Refusal overflow = new Refusal.HoldOverflow(DB, RecordingActions.BUDGET_BYTES);
        assertThat(actions.done()).containsExactly("count " + overflow, "heldFor 0 ms", "refuse WHO " + overflow);
        assertThat(next.isParked()).isFalse();
        assertThat(next.readsClient()).isTrue();
    }

    @Test
    void moreThanAllMayKeepRefusesWhatWaitedToo() {
        Held held = held("WHO");
        actions.spendBudget();

        held.onClient(actions.bytes("GET"), actions);

        Refusal overflow = new Refusal.HoldOverflow(DB, RecordingActions.BUDGET_BYTES);
        assertThat(actions.done()).contains("refuse WHOGET " + overflow);
    }

    @Test
    void aClientMayCancelWhatWaits() {
        Held held = held("WHO");
        actions.after(Duration.ofMillis(7));

        FrontendState next = held.onEvent(cancel(actions.task("cancelled")), actions);

        Refusal cancelled = new Refusal.Cancelled();
        assertThat(actions.done())
                .containsExactly("cancelled", "count " + cancelled, "heldFor 7 ms", "refuse WHO " + cancelled);
        assertThat(next.deadline(actions.nowNanos)).isEmpty();
        assertThat(next.isParked()).isFalse();
    }

    @Test
    void aCancelOfNothingSaysNothing() {
        Held held = held();

        assertThat(held.onEvent(cancel(actions.task("cancelled")), actions)).isSameAs(held);

        assertThat(actions.done()).containsExactly("cancelled");
    }

    @Test
    void aCancelBeforeTheWelcomeSaysNothing() {
        Held held = unwelcome("WHO");

        assertThat(held.onEvent(cancel(actions.task("cancelled")), actions)).isSameAs(held);

        assertThat(actions.done()).containsExactly("cancelled");
        assertThat(held.parkedBytes()).isEqualTo(3);
    }

    @Test
    void whoseRefusedUnitsEndWithAGoodbyeLeaves() {
        actions.conversation.onLook = () -> actions.conversation.leaving = true;

        assertThat(held("QUIT").onEvent(cancel(() -> {}), actions)).isEqualTo(new Closed());
        assertThat(actions.done()).endsWith("discard@1", "close");
        assertThat(held("QUIT").onEvent(new FrontendEvent.DeadlinePassed(), actions))
                .isEqualTo(new Closed());

        assertThat(actions.done()).endsWith("discard@1", "close");
    }

    // ---- the end of the hold

    @Test
    void whoStaysWhereItIsGoesOnWithWhatWaited() {
        Held held = held("WHO", "GET");
        actions.after(Duration.ofMillis(9));

        assertThat(held.onEvent(new FrontendEvent.HoldEnded(), actions)).isEqualTo(new Relaying(actions.link));

        assertThat(actions.done()).containsExactly("resumed", "heldFor 9 ms", "toServer@1 WHOGET");
    }

    @Test
    void whoSentNothingIsIdle() {
        assertThat(held(UNMOVABLE).onEvent(new FrontendEvent.HoldEnded(), actions))
                .isEqualTo(new Idle(actions.link));

        assertThat(actions.done()).containsExactly("resumed");
    }

    @Test
    void whoHasNoLinkGetsOne() {
        FrontendState next = adrift("WHO").onEvent(new FrontendEvent.HoldEnded(), actions);

        assertThat(actions.done()).containsExactly("lease@1 in 0 ms");
        assertThat(next).isInstanceOfSatisfying(Linking.class, linking -> {
            assertThat(linking.state()).isEqualTo(STATE);
            assertThat(linking.welcome()).isEqualTo(Welcome.SAID);
        });
        assertThat(next.parkedBytes()).isEqualTo(3);
    }

    @Test
    void whoWasNotWelcomedIsWhenItHasALink() {
        FrontendState next = unwelcome("WHO").onEvent(new FrontendEvent.HoldEnded(), actions);

        assertThat(next)
                .isInstanceOfSatisfying(
                        Linking.class, linking -> assertThat(linking.welcome()).isEqualTo(Welcome.OWED));
    }

    @Test
    void whoIsElsewhereThanTheRouteByThenMoves() {
        Held held = held("WHO");
        routeMoves();

        assertThat(held.onEvent(new FrontendEvent.HoldEnded(), actions)).isInstanceOf(Linking.class);

        assertThat(actions.done()).containsExactly("discard@1", "lease@2 in 0 ms");
    }

    @Test
    void whoCannotMoveThereHearsWhy() {
        Held held = held(UNMOVABLE, "WHO");
        routeMoves();

        assertThat(held.onEvent(new FrontendEvent.HoldEnded(), actions)).isEqualTo(new Closed());

        assertThat(actions.done()).containsExactly("discard@1", "say " + CANNOT_MOVE);
        assertThat(held.parkedBytes()).isZero();
    }

    @Test
    void whoseRouteIsGoneByThenHearsSo() {
        Held held = held("WHO");
        actions.route = Optional.empty();

        assertThat(held.onEvent(new FrontendEvent.HoldEnded(), actions)).isEqualTo(new Closed());

        assertThat(actions.done()).containsExactly("discard@1", "say " + new Refusal.UnknownDatabase(DB));
    }

    // ---- the switch

    @Test
    void whoMayMoveLeavesTheOldServerAndWaitsOn() {
        Held held = held("WHO");
        actions.after(Duration.ofSeconds(3));
        routeMoves();

        FrontendState next = held.onEvent(new FrontendEvent.RouteSwitched(), actions);

        assertThat(actions.done()).containsExactly("discard@1");
        assertThat(next)
                .isInstanceOfSatisfying(
                        Held.class, off -> assertThat(off.footing()).isEqualTo(new Footing.Off()));
        assertThat(next.parkedBytes()).isEqualTo(3);
        assertThat(next.deadline(actions.nowNanos)).contains(CUTOVER.patience().minusSeconds(3));
    }

    @Test
    void whoListensToOthersStandsOnTheNewServerBeforeTheyMaySpeak() {
        Held held = held(SUBSCRIBED, "WHO");
        routeMoves();

        FrontendState next = held.onEvent(new FrontendEvent.RouteSwitched(), actions);

        assertThat(actions.done()).containsExactly("discard@1", "lease@2 in 0 ms");
        assertThat(next).isInstanceOf(Linking.class);
        assertThat(next.parkedBytes()).isEqualTo(3);
    }

    @Test
    void whoCannotMoveIsEndedAtTheSwitch() {
        Held held = held(UNMOVABLE);
        routeMoves();

        assertThat(held.onEvent(new FrontendEvent.RouteSwitched(), actions)).isEqualTo(new Closed());

        assertThat(actions.done()).containsExactly("discard@1", "say " + CANNOT_MOVE);
    }

    @Test
    void aSwitchToWhereTheSessionIsOrToNowhereChangesNothing() {
        Held held = held(UNMOVABLE, "WHO");
        assertThat(held.onEvent(new FrontendEvent.RouteSwitched(), actions)).isSameAs(held);
        actions.route = Optional.empty();
        assertThat(held.onEvent(new FrontendEvent.RouteSwitched(), actions)).isSameAs(held);

        assertThat(actions.done()).isEmpty();
    }

    // ---- the link

    @Test
    void whatTheServerSaysOfItselfIsTheConversationsToJudge() {
        Held held = held("WHO");

        assertThat(held.onServer(actions.bytes("* bye"), actions)).isSameAs(held);

        assertThat(actions.done()).containsExactly("whileHeld * bye");
    }

    @Test
    void aLostLinkIsNoLossForWhoMayMove() {
        FrontendState next = held("WHO").onEvent(new FrontendEvent.LinkLost(), actions);

        assertThat(actions.done()).isEmpty();
        assertThat(next)
                .isInstanceOfSatisfying(
                        Held.class, off -> assertThat(off.footing()).isEqualTo(new Footing.Off()));
        assertThat(next.parkedBytes()).isEqualTo(3);
    }

    @Test
    void aLostLinkEndsWhoCannotMove() {
        assertThat(held(UNMOVABLE).onEvent(new FrontendEvent.LinkLost(), actions))
                .isEqualTo(new Closed());

        assertThat(actions.done()).endsWith("say " + CANNOT_MOVE);
    }

    @Test
    void aClientThatGoesTakesWithItWhatItSent() {
        Held held = held("WHO");

        assertThat(held.onEvent(new FrontendEvent.ClientGone(), actions)).isEqualTo(new Closed());

        assertThat(actions.done()).containsExactly("discard@1", "close");
        assertThat(held.parkedBytes()).isZero();
    }

    @Test
    void whoIsToEndHearsWhyAtOnce() {
        Refusal refusal = new Refusal.ShuttingDown();

        adrift("WHO").onEvent(new FrontendEvent.EndAtSafePointAsked(refusal), actions);

        assertThat(actions.done()).containsExactly("say " + refusal);
    }

    // ---- a message to the client, such as a notification, has come in half

    private Held interrupted(String... waiting) {
        actions.conversation.clientMessageOpen = true;
        return held(waiting);
    }

    private void assertEndsBehindTheMessage(Held held, FrontendEvent event, Refusal refusal) {
        FrontendState next = held.onEvent(event, actions);

        assertThat(next).isEqualTo(new Ending(actions.link, refusal, RecordingActions.TIMES.lastWord()));
        assertThat(actions.done()).isEmpty();
        assertThat(held.parkedBytes()).isZero();
    }

    @Test
    void nothingIsAnsweredInTheMiddleOfAMessage() {
        actions.conversation.answeredBytes = 4;

        FrontendState next = interrupted().onClient(actions.bytes("PING"), actions);

        assertThat(next.parkedBytes()).isEqualTo(4);
    }

    @Test
    void nothingIsCancelledInTheMiddleOfAMessage() {
        Held held = interrupted("WHO");

        assertThat(held.onEvent(cancel(actions.task("cancelled")), actions)).isSameAs(held);

        assertThat(actions.done()).containsExactly("cancelled");
    }

    @Test
    void aRefusalWaitsForTheRestOfTheMessageAndIsTheLastWord() {
        assertEndsBehindTheMessage(interrupted("WHO"), new FrontendEvent.DeadlinePassed(), TIMED_OUT);
    }

    @Test
    void aLastWordWaitsForTheRestOfTheMessage() {
        Refusal refusal = new Refusal.ShuttingDown();

        assertEndsBehindTheMessage(interrupted("WHO"), new FrontendEvent.EndAsked(refusal), refusal);
    }

    @Test
    void nobodyLeavesItsServerInTheMiddleOfAMessage() {
        Refusal refusal = new Refusal.SessionCannotMove(DB, Reasons.MESSAGE_OPEN);
        Held held = interrupted("WHO");
        routeMoves();

        assertEndsBehindTheMessage(held, new FrontendEvent.RouteSwitched(), refusal);
        assertEndsBehindTheMessage(interrupted("WHO"), new FrontendEvent.HoldEnded(), refusal);
    }

    @Test
    void aMessageWhoseRestIsLostIsTheEnd() {
        Held held = interrupted("WHO");

        assertThat(held.onEvent(new FrontendEvent.LinkLost(), actions)).isEqualTo(new Closed());

        assertThat(actions.done()).endsWith("close").doesNotContain("say " + new Refusal.ServerLost(DB));
        assertThat(held.parkedBytes()).isZero();
    }
}
