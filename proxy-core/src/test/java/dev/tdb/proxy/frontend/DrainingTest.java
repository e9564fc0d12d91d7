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
final class DrainingTest {
    private static final Refusal REFUSAL = new Refusal.Terminated("an operator");

    @RegisterExtension
    final RecordingActions actions = new RecordingActions();

    private final Draining draining = new Draining(actions.link, actions.waiting("COMMIT", "WHO"));

    @BeforeEach
    void hold() {
        actions.holding = true;
    }

    private void unitEnds() {
        actions.conversation.onLook = () -> actions.conversation.atSafePoint = true;
    }

    @Test
    void whatComesIsNotLookedAt() {
        actions.conversation.presentUnitBytes = 99;
        actions.conversation.violates = true;

        assertThat(draining.onClient(actions.bytes("?"), actions)).isSameAs(draining);

        assertThat(actions.done()).isEmpty();
        assertThat(draining.parkedBytes()).isEqualTo(10);
    }

    @Test
    void aReplyMayTellThatMoreBelongsToTheUnit() {
        actions.conversation.presentUnitBytes = 6;

        assertThat(draining.onServer(actions.bytes("T OK"), actions)).isSameAs(draining);

        assertThat(actions.done()).containsExactly("toClient T OK", "toServer@1 COMMIT");
        assertThat(draining.parkedBytes()).isEqualTo(3);
    }

    @Test
    void aWordOfTheServersIsHeardToItsEndBeforeWhatWaitsBegins() {
        actions.holding = false;
        actions.conversation.interrupted = true;

        assertThat(draining.onServer(actions.bytes("* ne"), actions)).isSameAs(draining);
        assertThat(draining.onEvent(new FrontendEvent.HoldEnded(), actions)).isSameAs(draining);
        assertThat(actions.done()).containsExactly("toClient * ne", "resumed");

        // What was refused before has its rest in front, which is no server's.
        actions.conversation.skippedBytes = 6;
        actions.conversation.onLook = () -> {
            actions.conversation.interrupted = false;
            actions.conversation.atSafePoint = true;
        };
        actions.conversation.forwardedBytes = 3;
        assertThat(draining.onServer(actions.bytes("ws"), actions)).isInstanceOf(Idle.class);
        assertThat(actions.done())
                .containsExactly("toClient ws", "unitEnded", "heldFor 0 ms", "toServer@1 WHO", "unitEnded");
    }

    @Test
    void aReplyMayTellNothing() {
        assertThat(draining.onServer(actions.bytes("* news"), actions)).isSameAs(draining);

        assertThat(actions.done()).containsExactly("toClient * news");
        assertThat(draining.parkedBytes()).isEqualTo(9);
    }

    @Test
    void aReplyMayTellThatAllBelongsToTheUnit() {
        actions.conversation.presentUnitBytes = 99;

        assertThat(draining.onServer(actions.bytes("T OK"), actions)).isEqualTo(new Relaying(actions.link));

        assertThat(actions.done()).containsExactly("toClient T OK", "toServer@1 COMMITWHO");
    }

    @Test
    void whatWasPutBackIsAsOldAsItWas() {
        actions.conversation.presentUnitBytes = 6;
        actions.after(Duration.ofMillis(40));
        draining.onServer(actions.bytes("T OK"), actions);
        unitEnds();
        FrontendState describing = draining.onServer(actions.bytes("I OK"), actions);
        actions.after(Duration.ofMillis(2));
        actions.done();

        FrontendState held = describing.onEvent(
                new FrontendEvent.DescriptionCame(Optional.of(new Described.Movable(ScriptedConversation.INITIAL))),
                actions);

        assertThat(held.deadline(actions.nowNanos))
                .contains(RecordingActions.CUTOVER.patience().minusMillis(42));
    }

    @Test
    void theEndOfTheUnitHoldsTheRest() {
        unitEnds();

        FrontendState next = draining.onServer(actions.bytes("I OK"), actions);

        assertThat(next).isInstanceOf(Describing.class);
        assertThat(next.parkedBytes()).isEqualTo(9);
        assertThat(actions.done()).containsExactly("toClient I OK", "unitEnded", "describe@1");
    }

    @Test
    void theEndOfTheUnitIsTheEndForWhoSaidGoodbye() {
        unitEnds();
        actions.conversation.leaving = true;

        assertThat(draining.onServer(actions.bytes("I OK"), actions)).isEqualTo(new Closed());

        assertThat(actions.done()).containsExactly("toClient I OK", "unitEnded", "giveBack@1", "close");
        assertThat(draining.parkedBytes()).isZero();
    }

    @Test
    void theEndOfTheUnitWhenTheHoldIsOverBeginsTheNext() {
        actions.holding = false;
        actions.after(Duration.ofMillis(40));
        boolean[] over = {false};
        actions.conversation.onLook = () -> {
            actions.conversation.atSafePoint = !over[0];
            over[0] = true;
        };

        FrontendState next = draining.onServer(actions.bytes("I OK"), actions);

        assertThat(next).isEqualTo(new Relaying(actions.link));
        assertThat(actions.done())
                .containsExactly("toClient I OK", "unitEnded", "heldFor 40 ms", "toServer@1 COMMITWHO");
    }

    @Test
    void theEndOfTheHoldLetsAllPass() {
        actions.holding = false;

        assertThat(draining.onEvent(new FrontendEvent.HoldEnded(), actions)).isEqualTo(new Relaying(actions.link));

        assertThat(actions.done()).containsExactly("resumed", "toServer@1 COMMITWHO");
    }

    @Test
    void theEndOfAHoldWithAnotherRouteLetsPassWhatBelongsToTheUnit() {
        actions.holding = false;
        actions.route = Optional.of(RecordingActions.route(2));
        actions.conversation.presentUnitBytes = 6;

        assertThat(draining.onEvent(new FrontendEvent.HoldEnded(), actions)).isSameAs(draining);

        assertThat(actions.done()).containsExactly("resumed", "toServer@1 COMMIT");
        assertThat(draining.parkedBytes()).isEqualTo(3);
    }

    @Test
    void theEndOfTheUnitWithAnotherRouteBeginsNoneOnThisLink() {
        actions.holding = false;
        actions.route = Optional.of(RecordingActions.route(2));
        unitEnds();

        FrontendState next = draining.onServer(actions.bytes("I OK"), actions);

        assertThat(next).isInstanceOf(Describing.class);
        assertThat(next.parkedBytes()).isEqualTo(9);
        assertThat(actions.done()).containsExactly("toClient I OK", "unitEnded", "heldFor 0 ms", "describe@1");
    }

    @Test
    void theEndOfAHoldDuringAnotherLetsPassWhatBelongsToTheUnit() {
        actions.conversation.presentUnitBytes = 6;

        assertThat(draining.onEvent(new FrontendEvent.HoldEnded(), actions)).isSameAs(draining);

        assertThat(actions.done()).containsExactly("resumed", "toServer@1 COMMIT");
        assertThat(draining.parkedBytes()).isEqualTo(3);
    }

    @Test
    void aCancelMeansTheUnitAndNotWhatWaits() {
        assertThat(draining.onEvent(new FrontendEvent.CancelAsked(actions.task("cancelled")), actions))
                .isSameAs(draining);

        assertThat(actions.done()).containsExactly("cancel@1");
        assertThat(draining.parkedBytes()).isEqualTo(9);
    }

    @Test
    void whoIsToEndAtASafePointFinishesWithWhatWaits() {
        FrontendState next = draining.onEvent(new FrontendEvent.EndAtSafePointAsked(REFUSAL), actions);

        assertThat(next).isInstanceOf(Finishing.class);
        assertThat(next.parkedBytes()).isEqualTo(9);
    }

    @Test
    void whoIsCutOffHearsWhy() {
        assertThat(draining.onEvent(new FrontendEvent.EndAsked(REFUSAL), actions))
                .isEqualTo(new Closed());

        assertThat(actions.done()).containsExactly("cut@1", "say " + REFUSAL);
        assertThat(draining.parkedBytes()).isZero();
    }

    @Test
    void aServerThatIsLostIsSaidToBe() {
        assertThat(draining.onEvent(new FrontendEvent.LinkLost(), actions)).isEqualTo(new Closed());

        assertThat(actions.done()).containsExactly("say " + new Refusal.ServerLost(DB));
        assertThat(draining.parkedBytes()).isZero();
    }

    @Test
    void aClientThatGoesTakesItsTransactionWithIt() {
        assertThat(draining.onEvent(new FrontendEvent.ClientGone(), actions)).isEqualTo(new Closed());

        assertThat(actions.done()).containsExactly("cut@1", "close");
        assertThat(draining.parkedBytes()).isZero();
    }
}
