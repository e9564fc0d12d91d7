package dev.tdb.proxy.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tdb.proxy.refusal.Refusal;
import dev.tdb.proxy.route.RouteState;
import dev.tdb.proxy.toy.NoLeaks;
import dev.tdb.proxy.toy.ToyNode;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

@ExtendWith(NoLeaks.class)
final class DepartingTest {
    private static final String ELSEWHERE = "shop__other";
    static final Destination DESTINATION = new Destination(ToyNode.CREDENTIAL, ToyNode.key(ELSEWHERE), false);

    @RegisterExtension
    final RecordingActions actions = new RecordingActions();

    private void elsewhereIs(RouteState state) {
        actions.elsewhere = Optional.of(ToyNode.route(ELSEWHERE, 6379, 5, state));
    }

    private FrontendState described(Departing departing, Described described) {
        return departing.onEvent(new FrontendEvent.DescriptionCame(Optional.of(described)), actions);
    }

    private Departing departing(String... waiting) {
        return new Departing(actions.link, DESTINATION, actions.waiting(waiting));
    }

    private static Described movable() {
        return new Described.Movable(ScriptedConversation.INITIAL);
    }

    @Test
    void aUnitThatEndsWithTheWishToGoOnElsewhereHasTheSessionDescribed() {
        actions.conversation.destination = Optional.of(DESTINATION);
        actions.conversation.atSafePoint = true;

        FrontendState next = new Relaying(actions.link).onServer(actions.bytes("I OK"), actions);

        assertThat(next).isInstanceOf(Departing.class);
        assertThat(actions.done()).containsExactly("toClient I OK", "unitEnded", "describe@1");
    }

    @Test
    void whatComesBehindTheWishWaitsForTheNewPlace() {
        actions.conversation.destination = Optional.of(DESTINATION);
        actions.conversation.atSafePoint = true;
        actions.conversation.forwardedBytes = 0;

        FrontendState next = new Idle(actions.link).onClient(actions.bytes("WHO"), actions);

        assertThat(next).isInstanceOf(Departing.class);
        assertThat(next.parkedBytes()).isEqualTo(3);
        assertThat(actions.done()).containsExactly("unitEnded", "describe@1");
    }

    @Test
    void itGoesWithWhatItHasBuiltUpAndWithWhatWaits() {
        elsewhereIs(new RouteState.Open());

        FrontendState next = described(departing("WHO"), movable());

        assertThat(next).isInstanceOf(Linking.class);
        assertThat(next.parkedBytes()).isEqualTo(3);
        assertThat(actions.done()).containsExactly("giveBack@1", "depart for " + ELSEWHERE, "lease@5 in 0 ms");
    }

    @Test
    void whoGoesAfreshIsNotAsked() {
        elsewhereIs(new RouteState.Open());
        Destination afresh = new Destination(DESTINATION.credential(), DESTINATION.route(), true);

        FrontendState next = Departing.begin(actions.link, afresh, actions.newQueue(), actions);

        assertThat(next).isInstanceOf(Linking.class);
        assertThat(actions.done()).containsExactly("giveBack@1", "depart for " + ELSEWHERE, "lease@5 in 0 ms");
    }

    @Test
    void aPlaceThatIsOnHoldIsWaitedForThere() {
        elsewhereIs(new RouteState.Suspended(Duration.ofSeconds(9)));
        actions.holding = true;

        FrontendState next = described(departing("WHO"), movable());

        assertThat(next).isInstanceOf(Held.class);
        assertThat(actions.done()).containsExactly("giveBack@1", "depart for " + ELSEWHERE);
    }

    @Test
    void whatCannotGoAlongKeepsTheSessionWhereItIs() {
        elsewhereIs(new RouteState.Open());
        Refusal refusal = new Refusal.CannotDepart(ELSEWHERE, "temporary table");

        FrontendState next = described(departing(), new Described.Unmovable("temporary table"));

        assertThat(next).isEqualTo(new Idle(actions.link));
        assertThat(actions.done()).containsExactly("count " + refusal, "stayed " + refusal);
    }

    @Test
    void aPlaceThatIsNotThereOrNoMoreKeepsTheSessionWhereItIs() {
        assertThat(described(departing(), movable())).isEqualTo(new Idle(actions.link));
        assertThat(actions.done()).contains("stayed " + new Refusal.UnknownDatabase(ELSEWHERE));

        elsewhereIs(new RouteState.Deleted());
        assertThat(described(departing(), movable())).isEqualTo(new Idle(actions.link));
        assertThat(actions.done()).contains("stayed " + new Refusal.Deleted(ELSEWHERE));
    }

    @Test
    void whoStaysWhileAHoldStandsIsHeld() {
        actions.holding = true;

        FrontendState next = described(departing("WHO"), movable());

        assertThat(next).isInstanceOf(Describing.class);
        assertThat(next.parkedBytes()).isEqualTo(3);
    }

    @Test
    void aServerThatDoesNotSayEndsTheSession() {
        FrontendState next = departing("WHO").onEvent(new FrontendEvent.DescriptionCame(Optional.empty()), actions);

        assertThat(next).isEqualTo(new Closed());
        assertThat(actions.done()).containsExactly("discard@1", "say " + new Refusal.ServerLost(RecordingActions.DB));
    }
}
