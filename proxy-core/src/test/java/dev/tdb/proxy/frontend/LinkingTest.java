package dev.tdb.proxy.frontend;

import static dev.tdb.proxy.frontend.RecordingActions.DB;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tdb.proxy.backend.BareLinks;
import dev.tdb.proxy.backend.Link;
import dev.tdb.proxy.backend.LinkFailure;
import dev.tdb.proxy.refusal.Refusal;
import dev.tdb.proxy.relay.HeldQueue;
import dev.tdb.proxy.toy.NoLeaks;
import dev.tdb.proxy.toy.ToyState;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

@ExtendWith(NoLeaks.class)
final class LinkingTest {
    private static final SessionState STATE = new ToyState(Map.of("color", "red"), false);
    private static final SessionState SUBSCRIBED = new ToyState(Map.of(), true);
    private static final FrontendEvent UNREACHABLE =
            new FrontendEvent.LinkRefused(new LinkFailure.Unreachable("nobody there"));
    private static final FrontendEvent REJECTED = new FrontendEvent.LinkRefused(new LinkFailure.Rejected(
            "no such database", Unpooled.copiedBuffer("no such database", StandardCharsets.US_ASCII)));

    @RegisterExtension
    final RecordingActions actions = new RecordingActions();

    private Linking linking(SessionState state, Welcome welcome, HeldQueue waiting) {
        Linking linking = (Linking) Linking.begin(RecordingActions.route(1), state, welcome, waiting, actions);
        assertThat(actions.done()).containsExactly("lease@1 in 0 ms");
        return linking;
    }

    private Linking moving() {
        return linking(STATE, Welcome.SAID, actions.waiting("WHO"));
    }

    private Linking loggingIn() {
        return linking(STATE, Welcome.OWED, actions.waiting("WHO"));
    }

    @Test
    void whatTheClientSendsWaits() {
        Linking linking = moving();

        assertThat(linking.onClient(actions.bytes("GET"), actions)).isSameAs(linking);

        assertThat(actions.done()).isEmpty();
        assertThat(linking.parkedBytes()).isEqualTo(6);
        assertThat(linking.isParked()).isFalse();
    }

    @Test
    void whatTheSessionBuiltUpIsBuiltUpOnItsLink() {
        FrontendState next = moving().onEvent(new FrontendEvent.LinkOpened(actions.link), actions);

        assertThat(actions.done()).containsExactly("replay@1 " + STATE);
        assertThat(next).isInstanceOf(Replaying.class);
        assertThat(next.parkedBytes()).isEqualTo(3);
    }

    @Test
    void aLinkToWhereTheRouteLedBeforeIsNotTaken() {
        Linking linking = loggingIn();
        actions.route = Optional.of(RecordingActions.route(2));
        actions.after(Duration.ofSeconds(5));

        FrontendState next = linking.onEvent(new FrontendEvent.LinkOpened(actions.link), actions);

        assertThat(actions.done()).containsExactly("discard@1", "lease@2 in 0 ms");
        assertThat(next).isInstanceOfSatisfying(Linking.class, again -> {
            assertThat(again.route().epoch()).isEqualTo(2);
            assertThat(again.welcome()).isEqualTo(Welcome.OWED);
        });
        assertThat(next.parkedBytes()).isEqualTo(3);
        assertThat(next.deadline(actions.nowNanos)).contains(RecordingActions.TIMES.link());
    }

    @Test
    void aLinkOnARouteThatIsNoMoreIsNotTaken() {
        Linking linking = moving();
        actions.route = Optional.empty();

        assertThat(linking.onEvent(new FrontendEvent.LinkOpened(actions.link), actions))
                .isEqualTo(new Closed());

        assertThat(actions.done()).containsExactly("discard@1", "say " + new Refusal.UnknownDatabase(DB));
        assertThat(linking.parkedBytes()).isZero();
    }

    @Test
    void aLoginIsTriedOnce() {
        Linking linking = loggingIn();

        assertThat(linking.onEvent(UNREACHABLE, actions)).isEqualTo(new Closed());

        assertThat(actions.done()).containsExactly("say " + new Refusal.ServerUnreachable(DB));
        assertThat(linking.parkedBytes()).isZero();
    }

    @Test
    void aServersOwnNoToALoginIsPassedOn() {
        Linking linking = loggingIn();

        assertThat(linking.onEvent(REJECTED, actions)).isEqualTo(new Closed());

        assertThat(actions.done()).containsExactly("reject no such database", "close");
        assertThat(linking.parkedBytes()).isZero();
    }

    private FrontendState triedAgain(FrontendEvent refused) {
        FrontendState state = moving();
        for (long delay : new long[] {50, 100, 200, 400, 800}) {
            actions.after(Duration.ofMillis(delay));
            state = state.onEvent(refused, actions);
            assertThat(actions.done()).containsExactly("lease@1 in " + delay + " ms");
            assertThat(state.parkedBytes()).isEqualTo(3);
        }
        assertThat(state.deadline(actions.nowNanos))
                .contains(RecordingActions.TIMES.link().minusMillis(1_550));
        return state.onEvent(refused, actions);
    }

    @Test
    void aSessionThatLivedTriesAgainEverMoreSlowlyWithinOneDeadline() {
        assertThat(triedAgain(UNREACHABLE)).isEqualTo(new Closed());

        assertThat(actions.done()).containsExactly("say " + new Refusal.ServerUnreachable(DB));
    }

    @Test
    void aSessionThatAServerWillNotHaveIsToldThatItCannotMove() {
        assertThat(triedAgain(REJECTED)).isEqualTo(new Closed());

        assertThat(actions.done()).containsExactly("say " + new Refusal.SessionCannotMove(DB, Reasons.SERVER_REFUSED));
    }

    @Test
    void itTriesAgainWhereTheRouteLeadsByThen() {
        Linking linking = moving();
        actions.route = Optional.of(RecordingActions.route(2));

        FrontendState next = linking.onEvent(UNREACHABLE, actions);
        assertThat(actions.done()).containsExactly("lease@2 in 50 ms");
        Link link = BareLinks.to(RecordingActions.route(2));

        assertThat(next.onEvent(new FrontendEvent.LinkOpened(link), actions)).isInstanceOf(Replaying.class);
        assertThat(actions.done()).containsExactly("replay@2 " + STATE);
    }

    @Test
    void itDoesNotTryAgainWhereThereIsNoRoute() {
        Linking linking = moving();
        actions.route = Optional.empty();

        assertThat(linking.onEvent(UNREACHABLE, actions)).isEqualTo(new Closed());

        assertThat(actions.done()).containsExactly("say " + new Refusal.ServerUnreachable(DB));
    }

    @Test
    void aServerThatCannotBeReachedDuringAHoldIsWaitedFor() {
        Linking linking = moving();
        actions.holding = true;

        FrontendState next = linking.onEvent(UNREACHABLE, actions);

        assertThat(actions.done()).isEmpty();
        assertThat(next).isInstanceOfSatisfying(Held.class, held -> {
            assertThat(held.footing()).isEqualTo(new Footing.Off());
            assertThat(held.described()).isEqualTo(new Described.Movable(STATE));
        });
        assertThat(next.parkedBytes()).isEqualTo(3);
    }

    @Test
    void aLoginDuringAHoldIsWelcomedWhereItsServerCannotBeReached() {
        Linking linking = loggingIn();
        actions.holding = true;

        FrontendState next = linking.onEvent(UNREACHABLE, actions);

        assertThat(actions.done()).containsExactly("welcomeUnlinked");
        assertThat(next).isInstanceOf(Held.class);
        assertThat(next.parkedBytes()).isEqualTo(3);
    }

    @Test
    void whoListensToOthersCannotWaitForTheEndOfAHold() {
        Linking linking = linking(SUBSCRIBED, Welcome.SAID, actions.waiting());
        actions.holding = true;

        assertThat(linking.onEvent(UNREACHABLE, actions)).isInstanceOf(Linking.class);

        assertThat(actions.done()).containsExactly("lease@1 in 50 ms");
    }

    @Test
    void aServersOwnNoIsNoReasonToWaitForTheEndOfAHold() {
        Linking linking = moving();
        actions.holding = true;

        assertThat(linking.onEvent(REJECTED, actions)).isInstanceOf(Linking.class);

        assertThat(actions.done()).containsExactly("lease@1 in 50 ms");
    }

    @Test
    void aDeadlineThatIsOverIsNotLessThanNothing() {
        Linking linking = moving();

        actions.after(RecordingActions.TIMES.link().plusSeconds(1));

        assertThat(linking.deadline(actions.nowNanos)).contains(Duration.ZERO);
    }

    @Test
    void whoHasNoLinkInTimeIsToldSo() {
        Linking linking = moving();

        assertThat(linking.onEvent(new FrontendEvent.DeadlinePassed(), actions)).isEqualTo(new Closed());

        assertThat(actions.done()).containsExactly("say " + new Refusal.ServerUnreachable(DB));
        assertThat(linking.parkedBytes()).isZero();
    }

    @Test
    void aCancelRefusesWhatWaits() {
        Linking linking = moving();
        actions.after(Duration.ofMillis(20));

        assertThat(linking.onEvent(new FrontendEvent.CancelAsked(actions.task("cancelled")), actions))
                .isSameAs(linking);

        assertThat(actions.done())
                .containsExactly(
                        "count " + new Refusal.Cancelled(),
                        "heldFor 20 ms",
                        "refuse WHO " + new Refusal.Cancelled(),
                        "cancelled");
        assertThat(linking.parkedBytes()).isZero();
    }

    @Test
    void aCancelOfNothingSaysNothing() {
        linking(STATE, Welcome.SAID, actions.waiting())
                .onEvent(new FrontendEvent.CancelAsked(actions.task("cancelled")), actions);

        assertThat(actions.done()).containsExactly("cancelled");
    }

    @Test
    void aCancelBeforeTheWelcomeSaysNothing() {
        Linking linking = loggingIn();

        linking.onEvent(new FrontendEvent.CancelAsked(actions.task("cancelled")), actions);

        assertThat(actions.done()).containsExactly("cancelled");
        assertThat(linking.parkedBytes()).isEqualTo(3);
    }

    @Test
    void whoCancelsAndHadSaidGoodbyeLeaves() {
        Linking linking = moving();
        actions.conversation.onLook = () -> actions.conversation.leaving = true;

        assertThat(linking.onEvent(new FrontendEvent.CancelAsked(actions.task("cancelled")), actions))
                .isEqualTo(new Closed());

        assertThat(actions.done()).endsWith("cancelled", "close");
    }

    @Test
    void aClientThatGoesTakesWithItWhatItSent() {
        Linking linking = moving();

        assertThat(linking.onEvent(new FrontendEvent.ClientGone(), actions)).isEqualTo(new Closed());

        assertThat(actions.done()).containsExactly("close");
        assertThat(linking.parkedBytes()).isZero();
    }

    @Test
    void whoIsToEndHearsWhyAtOnce() {
        Refusal refusal = new Refusal.ShuttingDown();

        assertThat(moving().onEvent(new FrontendEvent.EndAtSafePointAsked(refusal), actions))
                .isEqualTo(new Closed());

        assertThat(actions.done()).containsExactly("say " + refusal);
    }
}
