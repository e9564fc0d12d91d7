package dev.tdb.proxy.frontend;

import static dev.tdb.proxy.frontend.RecordingActions.DB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tdb.proxy.refusal.ProtocolViolation;
import dev.tdb.proxy.refusal.Refusal;
import dev.tdb.proxy.toy.NoLeaks;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

@ExtendWith(NoLeaks.class)
final class IdleTest {
    private static final Refusal REFUSAL = new Refusal.ShuttingDown();

    @RegisterExtension
    final RecordingActions actions = new RecordingActions();

    private final Idle idle = new Idle(actions.link);

    @BeforeEach
    void atSafePoint() {
        actions.conversation.atSafePoint = true;
    }

    @Test
    void theNextMessageBeginsAUnit() {
        actions.conversation.onLook = () -> actions.conversation.atSafePoint = false;

        FrontendState next = idle.onClient(actions.bytes("WHO"), actions);

        assertThat(next).isEqualTo(new Relaying(actions.link));
        assertThat(actions.done()).containsExactly("toServer@1 WHO");
    }

    @Test
    void aUnitThatNobodyAnswersIsOverAtOnce() {
        assertThat(idle.onClient(actions.bytes("NOTE"), actions)).isEqualTo(idle);

        assertThat(actions.done()).containsExactly("toServer@1 NOTE", "unitEnded");
    }

    @Test
    void whatMeansNothingHereIsPassedOver() {
        actions.conversation.skippedBytes = 2;

        idle.onClient(actions.bytes("--WHO"), actions);

        assertThat(actions.done()).contains("toServer@1 WHO");
    }

    @Test
    void nothingButWhatMeansNothingBeginsNoUnit() {
        actions.conversation.skippedBytes = 9;

        assertThat(idle.onClient(actions.bytes("--"), actions)).isSameAs(idle);

        assertThat(actions.done()).isEmpty();
    }

    @Test
    void aGoodbyeIsKeptFromTheServerThatServesTheNext() {
        actions.conversation.forwardedBytes = 0;
        actions.conversation.leaving = true;

        assertThat(idle.onClient(actions.bytes("QUIT"), actions)).isEqualTo(new Closed());

        assertThat(actions.done()).containsExactly("unitEnded", "giveBack@1", "close");
    }

    @Test
    void whatBreaksTheProtocolIsReleased() {
        actions.conversation.violates = true;

        assertThatThrownBy(() -> idle.onClient(actions.bytes("?"), actions)).isInstanceOf(ProtocolViolation.class);

        assertThat(actions.done()).isEmpty();
    }

    @Test
    void noUnitBeginsWhereTheRouteLedBefore() {
        actions.route = Optional.of(RecordingActions.route(2));

        FrontendState next = idle.onClient(actions.bytes("WHO"), actions);

        assertThat(next).isInstanceOf(Describing.class);
        assertThat(next.parkedBytes()).isEqualTo(3);
        assertThat(actions.done()).containsExactly("describe@1");
    }

    @Test
    void whatTheServerSaysUnaskedIsPassedOn() {
        assertThat(idle.onServer(actions.bytes("* news"), actions)).isSameAs(idle);

        assertThat(actions.done()).containsExactly("toClient * news");
    }

    @Test
    void inTheMiddleOfAMessageItIsNotIdle() {
        actions.conversation.atSafePoint = false;

        assertThat(idle.onServer(actions.bytes("* ne"), actions)).isEqualTo(new Relaying(actions.link));
    }

    @Test
    void aServerThatBreaksTheProtocolIsToBlame() {
        actions.conversation.violates = true;

        assertThatThrownBy(() -> idle.onServer(actions.bytes("nonsense"), actions))
                .isInstanceOf(ServerViolation.class);

        assertThat(actions.done()).isEmpty();
    }

    @Test
    void aHoldAsksWhatTheSessionHasBuiltUp() {
        FrontendState next = idle.onEvent(new FrontendEvent.HoldBegan(), actions);

        assertThat(next).isInstanceOf(Describing.class);
        assertThat(next.parkedBytes()).isZero();
        assertThat(actions.done()).containsExactly("describe@1");
    }

    @Test
    void aHoldThatIsOverAlreadyIsToldToHaveBeenGoneThrough() {
        assertThat(idle.onEvent(new FrontendEvent.HoldEnded(), actions)).isSameAs(idle);

        assertThat(actions.done()).containsExactly("resumed");
    }

    @Test
    void aSurveyIsOverWhenTheServerHasAnswered() {
        FrontendState next = idle.onEvent(new FrontendEvent.SurveyAsked(actions.task("surveyed")), actions);
        assertThat(actions.done()).containsExactly("survey@1");

        FrontendEvent described =
                new FrontendEvent.DescriptionCame(Optional.of(new Described.Movable(ScriptedConversation.INITIAL)));
        assertThat(next.onEvent(described, actions)).isEqualTo(idle);

        assertThat(actions.done()).containsExactly("resumed", "surveyed");
    }

    @Test
    void aCancelHasNothingToHit() {
        assertThat(idle.onEvent(new FrontendEvent.CancelAsked(actions.task("cancelled")), actions))
                .isSameAs(idle);

        assertThat(actions.done()).containsExactly("cancelled");
    }

    @Test
    void aServerThatIsLostIsSaidToBe() {
        assertThat(idle.onEvent(new FrontendEvent.LinkLost(), actions)).isEqualTo(new Closed());

        assertThat(actions.done()).containsExactly("say " + new Refusal.ServerLost(DB));
    }

    @Test
    void whoeverEndsItLeavesTheLinkToTheNext() {
        assertThat(idle.onEvent(new FrontendEvent.EndAsked(REFUSAL), actions)).isEqualTo(new Closed());
        assertThat(actions.done()).containsExactly("giveBack@1", "say " + REFUSAL);

        assertThat(idle.onEvent(new FrontendEvent.EndAtSafePointAsked(REFUSAL), actions))
                .isEqualTo(new Closed());
        assertThat(actions.done()).containsExactly("giveBack@1", "say " + REFUSAL);

        assertThat(idle.onEvent(new FrontendEvent.ClientGone(), actions)).isEqualTo(new Closed());
        assertThat(actions.done()).containsExactly("giveBack@1", "close");
    }

    // ---- on hold the server began to tell something unasked, and the hold ended in the middle of it

    @Test
    void nothingIsAskedInTheMiddleOfAMessage() {
        actions.conversation.clientMessageOpen = true;

        assertThat(idle.onEvent(new FrontendEvent.HoldBegan(), actions)).isEqualTo(new Relaying(actions.link));
        assertThat(actions.done()).isEmpty();
        assertThat(idle.onEvent(new FrontendEvent.SurveyAsked(actions.task("surveyed")), actions))
                .isSameAs(idle);

        assertThat(actions.done()).containsExactly("surveyed");
    }

    @Test
    void nothingIsSaidInTheMiddleOfAMessage() {
        actions.conversation.clientMessageOpen = true;

        FrontendState next = idle.onEvent(new FrontendEvent.EndAsked(REFUSAL), actions);

        assertThat(next).isEqualTo(new Ending(actions.link, REFUSAL, RecordingActions.TIMES.lastWord()));
        assertThat(actions.done()).isEmpty();
    }

    @Test
    void nobodyElseIsGivenALinkInTheMiddleOfAMessage() {
        actions.conversation.clientMessageOpen = true;

        assertThat(idle.onEvent(new FrontendEvent.ClientGone(), actions)).isEqualTo(new Closed());

        assertThat(actions.done()).containsExactly("cut@1", "close");
    }
}
