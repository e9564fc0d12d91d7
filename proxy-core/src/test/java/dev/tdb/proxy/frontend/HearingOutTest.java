package dev.tdb.proxy.frontend;

import static dev.tdb.proxy.frontend.RecordingActions.CUTOVER;
import static dev.tdb.proxy.frontend.RecordingActions.DB;
import static dev.tdb.proxy.frontend.RecordingActions.TIMES;
import static org.assertj.core.api.Assertions.assertThat;

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
final class HearingOutTest {
    private static final Described SUBSCRIBED = new Described.Movable(new ToyState(Map.of(), true));
    private static final FrontendEvent HEARD = new FrontendEvent.HeardOut(true);
    private static final FrontendEvent UNANSWERED = new FrontendEvent.HeardOut(false);

    @RegisterExtension
    final RecordingActions actions = new RecordingActions();

    @BeforeEach
    void hold() {
        actions.holding = true;
        actions.conversation.atSafePoint = true;
    }

    private Held held(String... waiting) {
        return Held.of(new Footing.On(actions.link), SUBSCRIBED, Welcome.SAID, actions.waiting(waiting), actions);
    }

    private FrontendState hearing(String... waiting) {
        return held(waiting).onEvent(ask("heard"), actions);
    }

    private FrontendEvent ask(String word) {
        return new FrontendEvent.HearOutAsked(actions.task(word));
    }

    @Test
    void whoHasSubscribedAsksItsServer() {
        Held held = held("WHO");

        FrontendState next = held.onEvent(ask("heard"), actions);

        assertThat(actions.done()).containsExactly("hearOut@1");
        assertThat(next.isSettled()).isFalse();
        assertThat(next.parkedBytes()).isEqualTo(3);
        assertThat(next.onEvent(HEARD, actions)).isSameAs(held);
        assertThat(actions.done()).containsExactly("heard");
    }

    @Test
    void whoHasNoLinkHasNobodyToAsk() {
        Held held = held().unlinked();

        assertThat(held.onEvent(ask("heard"), actions)).isSameAs(held);

        assertThat(actions.done()).containsExactly("heard");
    }

    @Test
    void nothingIsAskedInTheMiddleOfAMessage() {
        actions.conversation.atSafePoint = false;
        FrontendState next = hearing();
        FrontendState still = next.onServer(actions.bytes("ha"), actions);
        assertThat(actions.done()).containsExactly("whileHeld ha");

        actions.conversation.onLook = () -> actions.conversation.atSafePoint = true;
        FrontendState asked = still.onServer(actions.bytes("lf"), actions);

        assertThat(actions.done()).containsExactly("whileHeld lf", "hearOut@1");
        assertThat(asked.onEvent(HEARD, actions)).isInstanceOf(Held.class);
    }

    @Test
    void whoAsksWhenTheServerWasAskedAlreadyIsAnsweredByAQuestionOfItsOwn() {
        FrontendState late = hearing().onEvent(ask("heard late"), actions);
        assertThat(actions.done()).containsExactly("hearOut@1");

        FrontendState again = late.onEvent(HEARD, actions);
        assertThat(actions.done()).containsExactly("hearOut@1", "heard");

        assertThat(again.onEvent(HEARD, actions)).isInstanceOf(Held.class);
        assertThat(actions.done()).containsExactly("heard late");
    }

    @Test
    void whoAsksBeforeTheServerCouldBeAskedIsAnsweredByTheSameQuestion() {
        actions.conversation.atSafePoint = false;
        FrontendState two = hearing().onEvent(ask("heard, too"), actions);
        actions.conversation.atSafePoint = true;

        two.onServer(actions.bytes("lf"), actions).onEvent(HEARD, actions);

        assertThat(actions.done()).containsExactly("whileHeld lf", "hearOut@1", "heard", "heard, too");
    }

    @Test
    void aServerThatDoesNotAnswerCostsTheLinkAndEverybodyGoesOn() {
        FrontendState next = hearing("WHO").onEvent(ask("heard late"), actions).onEvent(UNANSWERED, actions);

        assertThat(actions.done()).containsExactly("hearOut@1", "discard@1", "heard", "heard late");
        assertThat(next)
                .isInstanceOfSatisfying(
                        Held.class, held -> assertThat(held.footing()).isEqualTo(new Footing.Off()));
        assertThat(next.parkedBytes()).isEqualTo(3);
    }

    @Test
    void aServerIsGivenUpWhenItsTimeIsOver() {
        FrontendState hearing = hearing();
        assertThat(hearing.deadline(actions.nowNanos)).contains(TIMES.describe());
        actions.after(TIMES.describe());

        FrontendState next = hearing.onEvent(new FrontendEvent.DeadlinePassed(), actions);

        assertThat(actions.done()).containsExactly("hearOut@1", "discard@1", "heard");
        assertThat(next).isInstanceOf(Held.class);
    }

    @Test
    void aUnitWhosePatienceEndsBeforeIsRefused() {
        Held held = held("WHO");
        Duration almost = CUTOVER.patience().minusSeconds(1);
        actions.after(almost);
        FrontendState hearing = held.onEvent(ask("heard"), actions);
        assertThat(hearing.deadline(actions.nowNanos)).contains(Duration.ofSeconds(1));
        actions.after(Duration.ofSeconds(1));
        actions.done();

        FrontendState next = hearing.onEvent(new FrontendEvent.DeadlinePassed(), actions);

        Refusal timedOut = new Refusal.HoldTimedOut(DB, CUTOVER.patience());
        assertThat(actions.done()).containsExactly("count " + timedOut, "heldFor 30000 ms", "refuse WHO " + timedOut);
        assertThat(next).isInstanceOf(HearingOut.class);
        assertThat(next.deadline(actions.nowNanos)).contains(TIMES.describe().minusSeconds(1));
    }

    @Test
    void whatTheClientSendsIsAnsweredOrWaitsAsOnHold() {
        FrontendState hearing = hearing();
        actions.conversation.answeredBytes = 4;

        FrontendState next = hearing.onClient(actions.bytes("PINGWHO"), actions);

        assertThat(next.parkedBytes()).isEqualTo(3);
        assertThat(next.onEvent(HEARD, actions).parkedBytes()).isEqualTo(3);
    }

    @Test
    void aHoldThatEndsIsGoneThroughWhenTheAnswerIsThere() {
        FrontendState hearing = hearing("WHO");
        actions.holding = false;
        assertThat(hearing.onEvent(new FrontendEvent.HoldEnded(), actions)).isSameAs(hearing);
        assertThat(actions.done()).containsExactly("hearOut@1");
        actions.conversation.atSafePoint = false;

        FrontendState next = hearing.onEvent(HEARD, actions);

        assertThat(actions.done()).containsExactly("resumed", "heldFor 0 ms", "toServer@1 WHO", "heard");
        assertThat(next).isEqualTo(new Relaying(actions.link));
    }

    @Test
    void aHoldThatEndsBeforeTheServerCouldBeAskedIsGoneThroughAtOnce() {
        actions.conversation.atSafePoint = false;
        FrontendState waiting = hearing();
        actions.holding = false;

        assertThat(waiting.onEvent(new FrontendEvent.HoldEnded(), actions)).isEqualTo(new Idle(actions.link));

        assertThat(actions.done()).containsExactly("resumed", "heard");
    }

    @Test
    void aRouteThatWasSwitchedIsFollowedWhenTheAnswerIsThere() {
        FrontendState hearing = hearing();
        actions.route = Optional.of(RecordingActions.route(2));
        assertThat(hearing.onEvent(new FrontendEvent.RouteSwitched(), actions)).isSameAs(hearing);
        assertThat(actions.done()).containsExactly("hearOut@1");

        FrontendState next = hearing.onEvent(HEARD, actions);

        assertThat(actions.done()).containsExactly("discard@1", "lease@2 in 0 ms", "heard");
        assertThat(next).isInstanceOf(Linking.class);
    }

    @Test
    void aLinkThatIsLostInTheMiddleOfAMessageEndsTheSession() {
        actions.conversation.atSafePoint = false;
        actions.conversation.clientMessageOpen = true;
        FrontendState waiting = hearing("WHO");

        assertThat(waiting.onEvent(new FrontendEvent.LinkLost(), actions)).isEqualTo(new Closed());

        assertThat(actions.done()).containsExactly("discard@1", "close", "heard");
        assertThat(waiting.parkedBytes()).isZero();
    }

    @Test
    void whoIsToEndKeepsNobodyWaiting() {
        Refusal refusal = new Refusal.ShuttingDown();
        FrontendState hearing = hearing("WHO");

        assertThat(hearing.onEvent(new FrontendEvent.EndAsked(refusal), actions))
                .isEqualTo(new Closed());

        assertThat(actions.done()).containsExactly("hearOut@1", "discard@1", "say " + refusal, "heard");
        assertThat(hearing.parkedBytes()).isZero();
    }

    @Test
    void nobodyWaitsForWhatIsAbandoned() {
        hearing("WHO").abandon();

        assertThat(actions.done()).containsExactly("hearOut@1", "heard");
    }
}
