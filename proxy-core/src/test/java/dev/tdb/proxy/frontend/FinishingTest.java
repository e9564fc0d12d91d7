package dev.tdb.proxy.frontend;

import static dev.tdb.proxy.frontend.RecordingActions.DB;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tdb.proxy.refusal.Refusal;
import dev.tdb.proxy.toy.NoLeaks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

@ExtendWith(NoLeaks.class)
final class FinishingTest {
    private static final Refusal REFUSAL = new Refusal.ShuttingDown();

    @RegisterExtension
    final RecordingActions actions = new RecordingActions();

    private Finishing finishing(String... waiting) {
        return new Finishing(actions.link, actions.waiting(waiting), REFUSAL);
    }

    private void unitEnds() {
        actions.conversation.onLook = () -> actions.conversation.atSafePoint = true;
    }

    @Test
    void whatBelongsToTheUnitPassesAndTheRestWaits() {
        Finishing finishing = finishing();
        actions.conversation.presentUnitBytes = 6;

        assertThat(finishing.onClient(actions.bytes("COMMITWHO"), actions)).isSameAs(finishing);
        assertThat(finishing.onClient(actions.bytes("GET"), actions)).isSameAs(finishing);

        assertThat(actions.done()).containsExactly("toServer@1 COMMIT");
        assertThat(finishing.parkedBytes()).isEqualTo(6);
    }

    @Test
    void aReplyMayTellThatMoreBelongsToTheUnit() {
        Finishing finishing = finishing("COMMIT", "WHO");
        actions.conversation.presentUnitBytes = 6;

        assertThat(finishing.onServer(actions.bytes("T OK"), actions)).isSameAs(finishing);

        assertThat(actions.done()).containsExactly("toClient T OK", "toServer@1 COMMIT");
        assertThat(finishing.parkedBytes()).isEqualTo(3);
    }

    @Test
    void theLastReplyIsFollowedByTheLastWord() {
        Finishing finishing = finishing("WHO");
        unitEnds();

        assertThat(finishing.onServer(actions.bytes("I OK"), actions)).isEqualTo(new Closed());

        assertThat(actions.done()).containsExactly("toClient I OK", "unitEnded", "giveBack@1", "say " + REFUSAL);
        assertThat(finishing.parkedBytes()).isZero();
    }

    @Test
    void aUnitThatNobodyAnswersMayBeTheLast() {
        actions.conversation.presentUnitBytes = 99;
        unitEnds();

        assertThat(finishing().onClient(actions.bytes("rest of a note"), actions))
                .isEqualTo(new Closed());

        assertThat(actions.done())
                .containsExactly("toServer@1 rest of a note", "unitEnded", "giveBack@1", "say " + REFUSAL);
    }

    @Test
    void whoSaidGoodbyeNeedsNoLastWord() {
        unitEnds();
        actions.conversation.leaving = true;

        assertThat(finishing().onServer(actions.bytes("I OK"), actions)).isEqualTo(new Closed());

        assertThat(actions.done()).containsExactly("toClient I OK", "unitEnded", "giveBack@1", "close");
    }

    @Test
    void whoTakesTooLongIsCutOffWithTheReasonOfThat() {
        Refusal now = new Refusal.Terminated("an operator");

        assertThat(finishing("WHO").onEvent(new FrontendEvent.EndAsked(now), actions))
                .isEqualTo(new Closed());

        assertThat(actions.done()).containsExactly("cut@1", "say " + now);
    }

    @Test
    void whoIsCutOffInTheMiddleOfAMessageHearsItsRestFirst() {
        actions.conversation.clientMessageOpen = true;

        assertThat(finishing("WHO").onEvent(new FrontendEvent.EndAsked(REFUSAL), actions))
                .isEqualTo(new Ending(actions.link, REFUSAL, RecordingActions.TIMES.lastWord()));
    }

    @Test
    void aSecondReasonToFinishIsNone() {
        Finishing finishing = finishing();

        FrontendEvent again = new FrontendEvent.EndAtSafePointAsked(new Refusal.Terminated("an operator"));

        assertThat(finishing.onEvent(again, actions)).isSameAs(finishing);
    }

    @Test
    void aServerThatIsLostIsSaidToBe() {
        assertThat(finishing("WHO").onEvent(new FrontendEvent.LinkLost(), actions))
                .isEqualTo(new Closed());

        assertThat(actions.done()).containsExactly("say " + new Refusal.ServerLost(DB));
    }

    @Test
    void aClientThatGoesTakesItsTransactionWithIt() {
        assertThat(finishing("WHO").onEvent(new FrontendEvent.ClientGone(), actions))
                .isEqualTo(new Closed());

        assertThat(actions.done()).containsExactly("cut@1", "close");
    }

    @Test
    void aCancelIsPassedOnAndAHoldThatEndsWasGoneThrough() {
        Finishing finishing = finishing("WHO");

        finishing.onEvent(new FrontendEvent.CancelAsked(actions.task("cancelled")), actions);
        finishing.onEvent(new FrontendEvent.HoldEnded(), actions);

        assertThat(actions.done()).containsExactly("cancel@1", "resumed");
    }
}
