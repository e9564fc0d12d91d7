package dev.tdb.proxy.frontend;

import static dev.tdb.proxy.frontend.RecordingActions.DB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tdb.proxy.refusal.ProtocolViolation;
import dev.tdb.proxy.refusal.Refusal;
import dev.tdb.proxy.toy.NoLeaks;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A unit is under way; most of it is what {@link Finishing} and {@link Draining} do, too. */
@ExtendWith(NoLeaks.class)
final class RelayingTest {
    private static final Refusal REFUSAL = new Refusal.Terminated("an operator");

    @RegisterExtension
    final RecordingActions actions = new RecordingActions();

    private final Relaying relaying = new Relaying(actions.link);

    @Test
    void bytesPassAsTheyCome() {
        assertThat(relaying.onClient(actions.bytes("WHO"), actions)).isSameAs(relaying);
        assertThat(relaying.onServer(actions.bytes("I o"), actions)).isSameAs(relaying);

        assertThat(actions.done()).containsExactly("toServer@1 WHO", "toClient I o");
    }

    @Test
    void whatComesWithinAWordOfTheServersWaitsForItsEnd() {
        actions.conversation.interrupted = true;

        FrontendState next = relaying.onClient(actions.bytes("WHO"), actions);

        assertThat(next).isInstanceOf(Draining.class);
        assertThat(next.parkedBytes()).isEqualTo(3);
        assertThat(actions.done()).isEmpty();
    }

    @Test
    void theLastReplyEndsTheUnit() {
        actions.conversation.onLook = () -> actions.conversation.atSafePoint = true;

        assertThat(relaying.onServer(actions.bytes("I old"), actions)).isEqualTo(new Idle(actions.link));

        assertThat(actions.done()).containsExactly("toClient I old", "unitEnded");
    }

    @Test
    void theLastReplyDuringAHoldAsksWhatWasBuiltUp() {
        actions.holding = true;
        actions.conversation.onLook = () -> actions.conversation.atSafePoint = true;

        FrontendState next = relaying.onServer(actions.bytes("I old"), actions);

        assertThat(next).isInstanceOf(Describing.class);
        assertThat(actions.done()).containsExactly("toClient I old", "unitEnded", "describe@1");
    }

    @Test
    void theLastReplyToWhoSaidGoodbyeIsTheEnd() {
        actions.conversation.forwardedBytes = 3;
        actions.conversation.leaving = true;
        assertThat(relaying.onClient(actions.bytes("WHOQUIT"), actions)).isSameAs(relaying);
        assertThat(actions.done()).containsExactly("toServer@1 WHO");
        actions.conversation.atSafePoint = true;

        assertThat(relaying.onServer(actions.bytes("I old"), actions)).isEqualTo(new Closed());

        assertThat(actions.done()).containsExactly("toClient I old", "unitEnded", "giveBack@1", "close");
    }

    @Test
    void duringAHoldOnlyWhatCertainlyBelongsToTheUnitPasses() {
        actions.holding = true;
        actions.conversation.presentUnitBytes = 6;

        FrontendState next = relaying.onClient(actions.bytes("COMMITWHO"), actions);

        assertThat(next).isInstanceOf(Draining.class);
        assertThat(next.parkedBytes()).isEqualTo(3);
        assertThat(actions.done()).containsExactly("toServer@1 COMMIT");
    }

    @Test
    void duringAHoldNothingPassesThatMayBeginAnotherUnit() {
        actions.holding = true;

        FrontendState next = relaying.onClient(actions.bytes("WHO"), actions);

        assertThat(next).isInstanceOf(Draining.class);
        assertThat(next.parkedBytes()).isEqualTo(3);
        assertThat(actions.done()).isEmpty();
    }

    @Test
    void whenTheRouteLeadsElsewhereNothingPassesThatMayBeginAnotherUnit() {
        actions.route = Optional.of(RecordingActions.route(2));
        actions.conversation.presentUnitBytes = 6;

        FrontendState next = relaying.onClient(actions.bytes("COMMITWHO"), actions);

        assertThat(next).isInstanceOf(Draining.class);
        assertThat(next.parkedBytes()).isEqualTo(3);
        assertThat(actions.done()).containsExactly("toServer@1 COMMIT");
    }

    @Test
    void duringAHoldAllThatBelongsToTheUnitPasses() {
        actions.holding = true;
        actions.conversation.presentUnitBytes = 99;

        assertThat(relaying.onClient(actions.bytes("COMMIT"), actions)).isSameAs(relaying);

        assertThat(actions.done()).containsExactly("toServer@1 COMMIT");
    }

    @Test
    void duringAHoldTheEndOfAUnitThatNobodyAnswersIsSeen() {
        actions.holding = true;
        actions.conversation.presentUnitBytes = 99;
        actions.conversation.onLook = () -> actions.conversation.atSafePoint = true;

        assertThat(relaying.onClient(actions.bytes("rest of a note"), actions)).isInstanceOf(Describing.class);

        assertThat(actions.done()).containsExactly("toServer@1 rest of a note", "unitEnded", "describe@1");
    }

    @Test
    void duringAHoldWhatIsBehindAUnitThatNobodyAnswersWaits() {
        actions.holding = true;
        actions.conversation.presentUnitBytes = 4;
        actions.conversation.onLook = () -> actions.conversation.atSafePoint = true;

        FrontendState next = relaying.onClient(actions.bytes("NOTEWHO"), actions);

        assertThat(next).isInstanceOf(Describing.class);
        assertThat(next.parkedBytes()).isEqualTo(3);
        assertThat(actions.done()).containsExactly("toServer@1 NOTE", "unitEnded", "describe@1");
    }

    @Test
    void whatBreaksTheProtocolIsReleased() {
        actions.conversation.violates = true;

        assertThatThrownBy(() -> relaying.onClient(actions.bytes("?"), actions)).isInstanceOf(ProtocolViolation.class);
        assertThatThrownBy(() -> relaying.onServer(actions.bytes("?"), actions)).isInstanceOf(ServerViolation.class);

        assertThat(actions.done()).isEmpty();
    }

    @Test
    void aHoldThatEndsWasGoneThrough() {
        assertThat(relaying.onEvent(new FrontendEvent.HoldEnded(), actions)).isSameAs(relaying);

        assertThat(actions.done()).containsExactly("resumed");
    }

    @Test
    void aServerThatIsLostIsSaidToBe() {
        relaying.onEvent(new FrontendEvent.LinkLost(), actions);

        assertThat(actions.done()).containsExactly("say " + new Refusal.ServerLost(DB));
    }

    @Test
    void aServerThatIsLostInTheMiddleOfAMessageLeavesNothingToSay() {
        actions.conversation.clientMessageOpen = true;

        relaying.onEvent(new FrontendEvent.LinkLost(), actions);

        assertThat(actions.done()).containsExactly("close");
    }

    @Test
    void whoSaidGoodbyeIsNotToldOfALostServer() {
        actions.conversation.leaving = true;

        relaying.onEvent(new FrontendEvent.LinkLost(), actions);

        assertThat(actions.done()).containsExactly("close");
    }

    @Test
    void whoIsCutOffHearsWhy() {
        assertThat(relaying.onEvent(new FrontendEvent.EndAsked(REFUSAL), actions))
                .isEqualTo(new Closed());

        assertThat(actions.done()).containsExactly("cut@1", "say " + REFUSAL);
    }

    @Test
    void whoIsCutOffInTheMiddleOfAMessageHearsItsRestFirst() {
        actions.conversation.clientMessageOpen = true;

        FrontendState next = relaying.onEvent(new FrontendEvent.EndAsked(REFUSAL), actions);

        assertThat(next).isEqualTo(new Ending(actions.link, REFUSAL, RecordingActions.TIMES.lastWord()));
        assertThat(actions.done()).isEmpty();
    }

    @Test
    void whoIsToEndAtASafePointFinishes() {
        FrontendState next = relaying.onEvent(new FrontendEvent.EndAtSafePointAsked(REFUSAL), actions);

        assertThat(next)
                .isInstanceOfSatisfying(
                        Finishing.class,
                        finishing -> assertThat(finishing.refusal()).isEqualTo(REFUSAL));
        assertThat(actions.done()).isEmpty();
    }

    @Test
    void aClientThatGoesTakesItsTransactionWithIt() {
        assertThat(relaying.onEvent(new FrontendEvent.ClientGone(), actions)).isEqualTo(new Closed());

        assertThat(actions.done()).containsExactly("cut@1", "close");
    }

    @Test
    void aCancelIsPassedOn() {
        assertThat(relaying.onEvent(new FrontendEvent.CancelAsked(actions.task("cancelled")), actions))
                .isSameAs(relaying);
        assertThat(actions.done()).containsExactly("cancel@1");

        actions.cancelPassedOn();

        assertThat(actions.done()).containsExactly("cancelled");
    }

    @Test
    void aSurveyDoesNotWaitForTheUnit() {
        relaying.onEvent(new FrontendEvent.SurveyAsked(actions.task("surveyed")), actions);

        assertThat(actions.done()).containsExactly("surveyed");
    }
}
