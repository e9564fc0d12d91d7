package dev.tdb.proxy.frontend;

import static dev.tdb.proxy.frontend.RecordingActions.DB;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tdb.proxy.refusal.Refusal;
import dev.tdb.proxy.toy.NoLeaks;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

@ExtendWith(NoLeaks.class)
final class DescribingTest {
    private static final Described MOVABLE = new Described.Movable(ScriptedConversation.INITIAL);
    private static final FrontendEvent CAME = new FrontendEvent.DescriptionCame(Optional.of(MOVABLE));

    @RegisterExtension
    final RecordingActions actions = new RecordingActions();

    @BeforeEach
    void hold() {
        actions.holding = true;
    }

    private Describing describing(String... waiting) {
        return new Describing(
                actions.link,
                actions.waiting(waiting),
                actions.task("surveyed"),
                actions.nowNanos + Duration.ofSeconds(5).toNanos());
    }

    @Test
    void whoOnlyWantsToKnowWaitsNoLongerThanIsSensibleAndTheSessionWaitsOn() {
        actions.holding = false;
        Describing describing = describing("WHO");
        assertThat(describing.deadline(actions.nowNanos)).contains(Duration.ofSeconds(5));
        actions.after(Duration.ofSeconds(5));

        FrontendState next = describing.onEvent(new FrontendEvent.DeadlinePassed(), actions);

        assertThat(actions.done()).containsExactly("surveyed");
        assertThat(next).isInstanceOf(Describing.class);
        assertThat(next.deadline(actions.nowNanos)).isEmpty();
        assertThat(next.parkedBytes()).isEqualTo(3);
        assertThat(next.onEvent(CAME, actions)).isEqualTo(new Relaying(actions.link));
        assertThat(actions.done()).endsWith("toServer@1 WHO").doesNotContain("surveyed");
    }

    @Test
    void whoWantsToKnowDuringAHoldWaitsAsLong() {
        FrontendState next = Describing.begin(actions.link, actions.newQueue(), actions);
        assertThat(next.deadline(actions.nowNanos)).isEmpty();

        next = next.onEvent(new FrontendEvent.SurveyAsked(actions.task("surveyed")), actions);

        assertThat(next.deadline(actions.nowNanos)).contains(RecordingActions.TIMES.describe());
    }

    @Test
    void whatTheClientSendsWaits() {
        Describing describing = describing();

        assertThat(describing.onClient(actions.bytes("WHO"), actions)).isSameAs(describing);

        assertThat(actions.done()).isEmpty();
        assertThat(describing.parkedBytes()).isEqualTo(3);
        assertThat(describing.isSettled()).isFalse();
    }

    @Test
    void whatIsKnownIsHeld() {
        FrontendState next = describing("WHO").onEvent(CAME, actions);

        assertThat(actions.done()).containsExactly("surveyed");
        assertThat(next).isInstanceOfSatisfying(Held.class, held -> {
            assertThat(held.footing()).isEqualTo(new Footing.On(actions.link));
            assertThat(held.described()).isEqualTo(MOVABLE);
        });
        assertThat(next.parkedBytes()).isEqualTo(3);
    }

    @Test
    void aHoldThatIsOverByThenIsGoneThrough() {
        Describing describing = describing("WHO");
        actions.holding = false;
        actions.after(Duration.ofMillis(3));

        assertThat(describing.onEvent(CAME, actions)).isEqualTo(new Relaying(actions.link));

        assertThat(actions.done()).containsExactly("resumed", "heldFor 3 ms", "toServer@1 WHO", "surveyed");
    }

    @Test
    void aRouteThatLeadsElsewhereWithoutAHoldIsFollowed() {
        Describing describing = describing("WHO");
        actions.holding = false;
        actions.route = Optional.of(RecordingActions.route(2));

        FrontendState next = describing.onEvent(CAME, actions);

        assertThat(next).isInstanceOf(Linking.class);
        assertThat(next.parkedBytes()).isEqualTo(3);
        assertThat(actions.done()).containsExactly("discard@1", "lease@2 in 0 ms", "surveyed");
    }

    @Test
    void aServerThatDoesNotAnswerEndsIt() {
        Describing describing = describing("WHO");

        assertThat(describing.onEvent(new FrontendEvent.DescriptionCame(Optional.empty()), actions))
                .isEqualTo(new Closed());

        assertThat(actions.done())
                .containsExactly(
                        "discard@1", "say " + new Refusal.SessionCannotMove(DB, Reasons.NOT_DESCRIBED), "surveyed");
        assertThat(describing.parkedBytes()).isZero();
    }

    @Test
    void everySurveyIsAnsweredByOneQuestion() {
        FrontendState next =
                describing("WHO").onEvent(new FrontendEvent.SurveyAsked(actions.task("surveyed again")), actions);
        assertThat(actions.done()).isEmpty();

        next.onEvent(CAME, actions);

        assertThat(actions.done()).containsExactly("surveyed", "surveyed again");
    }

    @Test
    void nobodyWaitsForWhatIsAbandoned() {
        describing("WHO").abandon();

        assertThat(actions.done()).containsExactly("surveyed");
    }

    @Test
    void whoIsToEndHearsWhyAtOnce() {
        Describing describing = describing("WHO");
        Refusal refusal = new Refusal.ShuttingDown();

        assertThat(describing.onEvent(new FrontendEvent.EndAsked(refusal), actions))
                .isEqualTo(new Closed());

        assertThat(actions.done()).containsExactly("discard@1", "surveyed", "say " + refusal);
        assertThat(describing.parkedBytes()).isZero();
    }

    @Test
    void aClientThatGoesKeepsNobodyWaiting() {
        Describing describing = describing("WHO");

        assertThat(describing.onEvent(new FrontendEvent.ClientGone(), actions)).isEqualTo(new Closed());

        assertThat(actions.done()).containsExactly("discard@1", "surveyed", "close");
        assertThat(describing.parkedBytes()).isZero();
    }

    @Test
    void aCancelRefusesWhatWaits() {
        Describing describing = describing("WHO");

        assertThat(describing.onEvent(new FrontendEvent.CancelAsked(actions.task("cancelled")), actions))
                .isSameAs(describing);

        assertThat(actions.done())
                .containsExactly(
                        "count " + new Refusal.Cancelled(),
                        "heldFor 0 ms",
                        "refuse WHO " + new Refusal.Cancelled(),
                        "cancelled");
    }

    @Test
    void whoCancelsAndHadSaidGoodbyeLeaves() {
        Describing describing = describing("QUIT");
        actions.conversation.onLook = () -> actions.conversation.leaving = true;

        assertThat(describing.onEvent(new FrontendEvent.CancelAsked(actions.task("cancelled")), actions))
                .isEqualTo(new Closed());

        assertThat(actions.done()).endsWith("cancelled", "discard@1", "surveyed", "close");
    }
}
