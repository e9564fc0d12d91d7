package dev.tdb.proxy.frontend;

import static dev.tdb.proxy.frontend.RecordingActions.DB;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tdb.proxy.refusal.Refusal;
import dev.tdb.proxy.toy.NoLeaks;
import dev.tdb.proxy.toy.ToyState;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

@ExtendWith(NoLeaks.class)
final class ReplayingTest {
    private static final SessionState STATE = new ToyState(Map.of("color", "red"), false);
    private static final FrontendEvent STANDS = new FrontendEvent.ReplayCame(Optional.of(Optional.empty()));

    @RegisterExtension
    final RecordingActions actions = new RecordingActions();

    private Replaying replaying(Welcome welcome, String... waiting) {
        return new Replaying(actions.link, STATE, welcome, actions.waiting(waiting));
    }

    @Test
    void whatTheClientSendsWaits() {
        Replaying replaying = replaying(Welcome.SAID, "WHO");

        assertThat(replaying.onClient(actions.bytes("GET"), actions)).isSameAs(replaying);

        assertThat(actions.done()).isEmpty();
        assertThat(replaying.parkedBytes()).isEqualTo(6);
    }

    @Test
    void whoHasMovedIsToldAndGoesOnWithWhatWaited() {
        Replaying replaying = replaying(Welcome.SAID, "WHO", "GET");
        actions.after(Duration.ofMillis(30));

        FrontendState next = replaying.onEvent(STANDS, actions);

        assertThat(next).isEqualTo(new Relaying(actions.link));
        assertThat(actions.done())
                .containsExactly("movedTo epoch 1", "resumed on a new link", "heldFor 30 ms", "toServer@1 WHOGET");
    }

    @Test
    void whoHasJustComeIsWelcomed() {
        FrontendState next = replaying(Welcome.OWED).onEvent(STANDS, actions);

        assertThat(next).isEqualTo(new Idle(actions.link));
        assertThat(actions.done()).containsExactly("welcome epoch 1", "resumed");
    }

    @Test
    void aHoldThatHasBegunHoldsItOnItsNewLink() {
        Replaying replaying = replaying(Welcome.OWED, "WHO");
        actions.holding = true;

        FrontendState next = replaying.onEvent(STANDS, actions);

        assertThat(actions.done()).containsExactly("welcome epoch 1");
        assertThat(next).isInstanceOfSatisfying(Held.class, held -> {
            assertThat(held.footing()).isEqualTo(new Footing.On(actions.link));
            assertThat(held.described()).isEqualTo(new Described.Movable(STATE));
            assertThat(held.welcome()).isEqualTo(Welcome.SAID);
        });
        assertThat(next.parkedBytes()).isEqualTo(3);
    }

    @Test
    void whoMayNotWaitIsRefusedWhatItHadSent() {
        Replaying replaying = replaying(Welcome.SAID, "WHO");
        actions.holding = true;
        actions.terms = RecordingActions.IMPATIENT;

        FrontendState next = replaying.onEvent(STANDS, actions);

        Refusal refusal = new Refusal.HoldTimedOut(DB, Duration.ZERO);
        assertThat(actions.done())
                .containsExactly("movedTo epoch 1", "count " + refusal, "heldFor 0 ms", "refuse WHO " + refusal);
        assertThat(next).isInstanceOf(Held.class);
        assertThat(next.isParked()).isFalse();
    }

    @Test
    void aRouteThatLeadsElsewhereByNowIsFollowed() {
        Replaying replaying = replaying(Welcome.SAID, "WHO");
        actions.route = Optional.of(RecordingActions.route(2));

        FrontendState next = replaying.onEvent(STANDS, actions);

        assertThat(actions.done()).containsExactly("discard@1", "lease@2 in 0 ms");
        assertThat(next)
                .isInstanceOfSatisfying(
                        Linking.class, linking -> assertThat(linking.state()).isEqualTo(STATE));
        assertThat(next.parkedBytes()).isEqualTo(3);
    }

    private void assertEnds(FrontendEvent event, Refusal refusal) {
        Replaying replaying = replaying(Welcome.SAID, "WHO");

        assertThat(replaying.onEvent(event, actions)).isEqualTo(new Closed());

        assertThat(actions.done()).containsExactly("discard@1", "say " + refusal);
        assertThat(replaying.parkedBytes()).isZero();
    }

    @Test
    void aRouteThatIsNoMoreEndsIt() {
        actions.route = Optional.empty();

        assertEnds(STANDS, new Refusal.UnknownDatabase(DB));
    }

    @Test
    void aServerThatDoesNotAnswerEndsIt() {
        assertEnds(
                new FrontendEvent.ReplayCame(Optional.empty()),
                new Refusal.SessionCannotMove(DB, Reasons.REPLAY_FAILED));
    }

    @Test
    void aServerThatWillNotHaveItSaysWhy() {
        assertEnds(
                new FrontendEvent.ReplayCame(Optional.of(Optional.of("setting refused"))),
                new Refusal.SessionCannotMove(DB, "setting refused"));
    }

    @Test
    void whoIsToEndHearsWhyAtOnce() {
        assertEnds(new FrontendEvent.EndAsked(new Refusal.ShuttingDown()), new Refusal.ShuttingDown());
    }

    @Test
    void aClientThatGoesLeavesALinkThatNobodyCanUse() {
        Replaying replaying = replaying(Welcome.SAID, "WHO");

        assertThat(replaying.onEvent(new FrontendEvent.ClientGone(), actions)).isEqualTo(new Closed());

        assertThat(actions.done()).containsExactly("discard@1", "close");
        assertThat(replaying.parkedBytes()).isZero();
    }

    @Test
    void aCancelRefusesWhatWaitsOnceTheClientIsIn() {
        FrontendEvent cancel = new FrontendEvent.CancelAsked(actions.task("cancelled"));

        replaying(Welcome.OWED, "WHO").onEvent(cancel, actions);
        assertThat(actions.done()).containsExactly("cancelled");
        replaying(Welcome.SAID, "GET").onEvent(cancel, actions);

        assertThat(actions.done()).endsWith("refuse GET " + new Refusal.Cancelled(), "cancelled");
    }

    @Test
    void whoCancelsAndHadSaidGoodbyeLeaves() {
        Replaying replaying = replaying(Welcome.SAID, "QUIT");
        actions.conversation.onLook = () -> actions.conversation.leaving = true;

        assertThat(replaying.onEvent(new FrontendEvent.CancelAsked(actions.task("cancelled")), actions))
                .isEqualTo(new Closed());

        assertThat(actions.done()).endsWith("cancelled", "discard@1", "close");
    }
}
