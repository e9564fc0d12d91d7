package dev.tdb.proxy.frontend;

import static dev.tdb.proxy.frontend.RecordingActions.DB;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tdb.proxy.hold.HoldTerms;
import dev.tdb.proxy.refusal.Refusal;
import dev.tdb.proxy.toy.NoLeaks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

@ExtendWith(NoLeaks.class)
final class GreetingTest {
    private static final Duration PATIENCE = Duration.ofSeconds(7);

    @RegisterExtension
    final RecordingActions actions = new RecordingActions();

    private final List<String> refused = new ArrayList<>();
    private final Greeting greeting = new Greeting(new RecordingHandshake(refused::add), PATIENCE);

    private FrontendState loggedIn() {
        return greeting.onEvent(new FrontendEvent.LoggedIn(StateTableTest.login(actions.conversation)), actions);
    }

    @Test
    void theHandshakeHasTheBytesAndSoMuchTime() {
        FrontendState next = greeting.onClient(actions.bytes("LOGIN"), actions);

        assertThat(next).isSameAs(greeting);
        assertThat(actions.done()).containsExactly("toHandshake LOGIN");
        assertThat(greeting.deadline(actions.nowNanos)).contains(PATIENCE);
    }

    @Test
    void whoIsInWaitsForALink() {
        FrontendState next = loggedIn();

        assertThat(actions.done()).containsExactly("lease@1 in 0 ms");
        assertThat(next).isInstanceOfSatisfying(Linking.class, linking -> {
            assertThat(linking.welcome()).isEqualTo(Welcome.OWED);
            assertThat(linking.attempt()).isEqualTo(1);
            assertThat(linking.state()).isEqualTo(ScriptedConversation.INITIAL);
            assertThat(linking.waiting().isEmpty()).isTrue();
        });
        assertThat(next.deadline(actions.nowNanos)).contains(RecordingActions.TIMES.link());
    }

    @Test
    void whoseDatabaseIsNoMoreIsToldSo() {
        actions.route = Optional.empty();

        assertThat(loggedIn()).isEqualTo(new Closed());

        assertThat(actions.done()).containsExactly("say " + new Refusal.UnknownDatabase(DB));
    }

    @Test
    void whoComesDuringAHoldIsWelcomedWithoutALinkAndWaitsForNothingYet() {
        actions.holding = true;

        FrontendState next = loggedIn();

        assertThat(actions.done()).containsExactly("welcomeUnlinked");
        assertThat(next)
                .isInstanceOfSatisfying(
                        Held.class, held -> assertThat(held.welcome()).isEqualTo(Welcome.SAID));
        assertThat(next.isParked()).isFalse();
        assertThat(next.deadline(actions.nowNanos)).isEmpty();
    }

    @Test
    void whoCannotBeWelcomedDuringAHoldWaitsForTheWelcome() {
        actions.holding = true;
        actions.welcomesUnlinked = false;

        FrontendState next = loggedIn();

        assertThat(actions.done()).isEmpty();
        assertThat(next)
                .isInstanceOfSatisfying(
                        Held.class, held -> assertThat(held.welcome()).isEqualTo(Welcome.OWED));
        assertThat(next.isParked()).isTrue();
        assertThat(next.deadline(actions.nowNanos)).contains(RecordingActions.CUTOVER.patience());
    }

    @Test
    void whoCannotBeWelcomedAndMayNotWaitIsRefused() {
        actions.holding = true;
        actions.welcomesUnlinked = false;
        actions.terms = RecordingActions.IMPATIENT;

        assertThat(loggedIn()).isEqualTo(new Closed());

        assertThat(actions.done()).containsExactly("say " + new Refusal.HoldTimedOut(DB, Duration.ZERO));
    }

    @Test
    void whoMayNotWaitIsWelcomedAllTheSameIfThatCanBe() {
        actions.holding = true;
        actions.terms = RecordingActions.IMPATIENT;

        assertThat(loggedIn()).isInstanceOf(Held.class);

        assertThat(actions.done()).containsExactly("welcomeUnlinked");
    }

    @Test
    void nobodyIsWelcomedToADeletedDatabase() {
        actions.holding = true;
        actions.terms = new HoldTerms(HoldTerms.Cause.DELETED, Duration.ZERO);

        assertThat(loggedIn()).isEqualTo(new Closed());

        assertThat(actions.done()).containsExactly("say " + new Refusal.Deleted(DB));
    }

    @Test
    void whatEndsItIsSaidByTheHandshake() {
        Refusal refusal = new Refusal.BadCredentials("somebody");

        assertThat(greeting.onEvent(new FrontendEvent.EndAsked(refusal), actions))
                .isEqualTo(new Closed());

        assertThat(refused).containsExactly("handshake refuses " + refusal);
        assertThat(actions.done()).containsExactly("count " + refusal, "close");
    }

    @Test
    void whoIsNotInInTimeIsClosedWithoutAWord() {
        assertThat(greeting.onEvent(new FrontendEvent.DeadlinePassed(), actions))
                .isEqualTo(new Closed());

        assertThat(refused).isEmpty();
        assertThat(actions.done()).containsExactly("close");
    }

    @Test
    void aCancelHasNothingToHit() {
        greeting.onEvent(new FrontendEvent.CancelAsked(actions.task("cancelled")), actions);

        assertThat(actions.done()).containsExactly("cancelled");
    }
}
