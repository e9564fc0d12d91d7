package dev.tdb.proxy.frontend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tdb.proxy.backend.BareLinks;
import dev.tdb.proxy.backend.LinkFailure;
import dev.tdb.proxy.refusal.Refusal;
import dev.tdb.proxy.toy.NoLeaks;
import dev.tdb.proxy.toy.ToyNode;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What every event makes of every state while a hold stands, on a route that is where it was: the successor; {@code .}
 * for the same state; {@code -} for what cannot happen there.
 */
@ExtendWith(NoLeaks.class)
final class StateTableTest {
    private static final String TABLE = """
        -                   Greeting Idle       Relaying  Linking   Replaying Draining  Describing Departing  Held   Finishing HearingOut Ending Closed
        LoggedIn            Held     -          -         -         -         -         -          -          -      -         -          -      .
        LinkOpened          -        -          -         Replaying -         -         -          -          -      -         -          -      .
        LinkRefused         -        -          -         Held      -         -         -          -          -      -         -          -      .
        LinkLost            -        Closed     Closed    -         .         Closed    .          .          Held   Closed    .          Closed .
        DescriptionCame     -        -          -         -         -         -         Held       Describing -      -         -          -      .
        ReplayCame          -        -          -         -         Held      -         -          -          -      -         -          -      .
        HeardOut            -        -          -         -         -         -         -          -          -      -         Held       -      .
        HoldBegan           -        Describing .         .         .         .         .          .          Held   .         HearingOut .      .
        HoldEnded           -        .          .         .         .         Relaying  .          .          Idle   .         .          .      .
        RouteSwitched       -        .          .         .         .         .         .          .          .      .         .          .      .
        DeadlinePassed      Closed   -          -         Closed    -         -         Describing -          Held   -         HearingOut Closed .
        CancelAsked         .        .          .         .         .         .         .          .          Held   .         HearingOut .      .
        SurveyAsked         -        Describing .         .         .         .         Describing .          .      .         .          .      .
        HearOutAsked        -        .          .         .         .         .         .          .          .      .         HearingOut .      .
        EndAsked            Closed   Closed     Closed    Closed    Closed    Closed    Closed     Closed     Closed Closed    Closed     .      .
        EndAtSafePointAsked Closed   Closed     Finishing Closed    Closed    Finishing Closed     Closed     Closed .         Closed     .      .
        ClientGone          Closed   Closed     Closed    Closed    Closed    Closed    Closed     Closed     Closed Closed    Closed     Closed .
        """;

    @RegisterExtension
    final RecordingActions actions = new RecordingActions();

    private static final Refusal REFUSAL = new Refusal.ShuttingDown();
    private static final Map<String, Function<RecordingActions, FrontendEvent>> EVENTS = events();
    private static final Map<String, Function<RecordingActions, FrontendState>> STATES = states();

    private static Map<String, Function<RecordingActions, FrontendEvent>> events() {
        Map<String, Function<RecordingActions, FrontendEvent>> events = new LinkedHashMap<>();
        events.put("LoggedIn", actions -> new FrontendEvent.LoggedIn(login(actions.conversation)));
        events.put("LinkOpened", actions -> new FrontendEvent.LinkOpened(actions.link));
        events.put("LinkRefused", _ -> new FrontendEvent.LinkRefused(new LinkFailure.Unreachable("nobody there")));
        events.put("LinkLost", _ -> new FrontendEvent.LinkLost());
        events.put("DescriptionCame", _ -> new FrontendEvent.DescriptionCame(Optional.of(movable())));
        events.put("ReplayCame", _ -> new FrontendEvent.ReplayCame(Optional.of(Optional.empty())));
        events.put("HeardOut", _ -> new FrontendEvent.HeardOut(true));
        events.put("HoldBegan", _ -> new FrontendEvent.HoldBegan());
        events.put("HoldEnded", _ -> new FrontendEvent.HoldEnded());
        events.put("RouteSwitched", _ -> new FrontendEvent.RouteSwitched());
        events.put("DeadlinePassed", _ -> new FrontendEvent.DeadlinePassed());
        events.put("CancelAsked", actions -> new FrontendEvent.CancelAsked(actions.task("cancelled")));
        events.put("SurveyAsked", actions -> new FrontendEvent.SurveyAsked(actions.task("surveyed")));
        events.put("HearOutAsked", actions -> new FrontendEvent.HearOutAsked(actions.task("heard")));
        events.put("EndAsked", _ -> new FrontendEvent.EndAsked(REFUSAL));
        events.put("EndAtSafePointAsked", _ -> new FrontendEvent.EndAtSafePointAsked(REFUSAL));
        events.put("ClientGone", _ -> new FrontendEvent.ClientGone());
        return events;
    }

    private static Map<String, Function<RecordingActions, FrontendState>> states() {
        Map<String, Function<RecordingActions, FrontendState>> states = new LinkedHashMap<>();
        states.put("Greeting", _ -> new Greeting(new RecordingHandshake(_ -> {}), Duration.ofSeconds(1)));
        states.put(
                "Linking",
                actions -> new Linking(
                        actions.link.spec().route(),
                        ScriptedConversation.INITIAL,
                        Welcome.SAID,
                        actions.waiting("WHO"),
                        1,
                        actions.nowNanos));
        states.put(
                "Replaying",
                actions -> new Replaying(
                        actions.link, ScriptedConversation.INITIAL, Welcome.SAID, actions.waiting("WHO")));
        states.put("Idle", actions -> new Idle(actions.link));
        states.put("Relaying", actions -> new Relaying(actions.link));
        states.put("Draining", actions -> new Draining(actions.link, actions.waiting("WHO")));
        states.put(
                "Describing",
                actions -> new Describing(actions.link, actions.waiting("WHO"), () -> {}, Describing.NOBODY_WAITS));
        states.put(
                "Departing", actions -> new Departing(actions.link, DepartingTest.DESTINATION, actions.waiting("WHO")));
        states.put("Held", StateTableTest::held);
        states.put(
                "HearingOut",
                actions -> new HearingOut(
                        held(actions),
                        actions.link,
                        true,
                        actions.nowNanos + 1,
                        List.of(actions.task("heard")),
                        List.of()));
        states.put("Finishing", actions -> new Finishing(actions.link, actions.waiting("WHO"), REFUSAL));
        states.put("Ending", actions -> new Ending(actions.link, REFUSAL, Duration.ofSeconds(1)));
        states.put("Closed", _ -> new Closed());
        return states;
    }

    private static Held held(RecordingActions actions) {
        return Held.of(new Footing.On(actions.link), movable(), Welcome.SAID, actions.waiting("WHO"), actions);
    }

    private static Described movable() {
        return new Described.Movable(ScriptedConversation.INITIAL);
    }

    static Login login(Conversation conversation) {
        return new Login(ToyNode.CREDENTIAL, ToyNode.key(RecordingActions.DB), conversation);
    }

    static Stream<Arguments> cells() {
        List<String[]> rows = TABLE.lines().map(line -> line.split(" +")).toList();
        String[] states = rows.getFirst();
        return rows.stream()
                .skip(1)
                .flatMap(row -> Stream.iterate(1, column -> column < row.length, column -> column + 1)
                        .map(column -> Arguments.of(row[0], states[column], row[column])));
    }

    @Test
    void theTableIsWhole() {
        List<String> events =
                cells().map(cell -> (String) cell.get()[0]).distinct().toList();
        List<String> states =
                cells().map(cell -> (String) cell.get()[1]).distinct().toList();

        assertThat(events).containsExactlyElementsOf(names(FrontendEvent.class));
        assertThat(states).containsExactlyElementsOf(names(FrontendState.class));
        assertThat(cells()).hasSize(events.size() * states.size());
    }

    private static List<String> names(Class<?> sealed) {
        return Arrays.stream(sealed.getPermittedSubclasses())
                .flatMap(each -> each.isSealed() ? names(each).stream() : Stream.of(each.getSimpleName()))
                .toList();
    }

    @ParameterizedTest(name = "{0} in {1}: {2}")
    @MethodSource("cells")
    void everyEventLeadsWhereTheTableSays(String eventName, String stateName, String successor) {
        actions.holding = !eventName.equals("HoldEnded");
        actions.conversation.atSafePoint = false;
        FrontendState state = STATES.get(stateName).apply(actions);
        FrontendEvent event = EVENTS.get(eventName).apply(actions);
        if (stateName.equals("Held") && eventName.equals("HoldEnded")) {
            // Nothing waits: what begins at once when something does is another test's.
            state.abandon();
        }
        if (successor.equals("-")) {
            assertThatThrownBy(() -> state.onEvent(event, actions))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageStartingWith(eventName);
            assertThat(actions.done()).isEmpty();
            return;
        }

        FrontendState next = state.onEvent(event, actions);

        if (successor.equals(".")) {
            assertThat(next).isSameAs(state);
        } else {
            assertThat(next).isNotSameAs(state);
            assertThat(next.getClass().getSimpleName()).isEqualTo(successor);
        }
    }

    /** What waits is kept by exactly one state, and given away by all that end. */
    @ParameterizedTest(name = "{0} in {1}: {2}")
    @MethodSource("cells")
    void whatWaitsIsKeptOrReleased(String eventName, String stateName, String successor) {
        actions.holding = !eventName.equals("HoldEnded");
        FrontendState state = STATES.get(stateName).apply(actions);
        int before = state.parkedBytes();

        if (!successor.equals("-")) {
            FrontendState next = state.onEvent(EVENTS.get(eventName).apply(actions), actions);

            int now = next.parkedBytes();
            assertThat(now).isIn(0, before);
            if (next instanceof Closed) {
                assertThat(state.parkedBytes()).isZero();
            }
        }
    }

    @Test
    void whatStatesDeclareOfThemselves() {
        String declared = String.join(
                "\n",
                STATES.entrySet().stream()
                        .map(entry -> declared(entry.getKey(), entry.getValue().apply(actions)))
                        .toList());

        assertThat(declared).isEqualTo("""
            Greeting: greeting, reads, deadline
            Linking: linking, reads, deadline
            Replaying: replaying, reads
            Idle: idle, reads
            Relaying: active, reads, in flight
            Draining: draining, reads, in flight
            Describing: describing, reads
            Departing: departing, reads, in flight
            Held: held, reads, deadline, settled, parked, answers
            HearingOut: hearing out, reads, deadline, parked, answers
            Finishing: finishing, reads, in flight
            Ending: ending, deadline, in flight
            Closed: closed, reads, settled\
            """);
    }

    private String declared(String name, FrontendState state) {
        StringBuilder declared = new StringBuilder(name + ": " + state.word());
        add(declared, state.readsClient(), "reads");
        add(declared, state.deadline(actions.nowNanos).isPresent(), "deadline");
        add(declared, state.isSettled(), "settled");
        add(declared, state.isInFlight(), "in flight");
        add(declared, state.isParked(), "parked");
        add(declared, state.answersClient(), "answers");
        return declared.toString();
    }

    private static void add(StringBuilder declared, boolean is, String word) {
        declared.append(is ? ", " + word : "");
    }

    /** A queue that is full shuts the client's reads in every state that has one. */
    @ParameterizedTest
    @MethodSource("queueing")
    void whoSentAllThatMayWaitIsReadNoMore(String stateName) {
        FrontendState state = STATES.get(stateName).apply(actions);
        int parked = state.parkedBytes();
        assertThat(state.readsClient()).isTrue();

        FrontendState next = state.onClient(actions.bytes("x".repeat(RecordingActions.QUEUE_BYTES_MAX)), actions);

        assertThat(next.readsClient()).isFalse();
        assertThat(next.parkedBytes()).isEqualTo(parked + RecordingActions.QUEUE_BYTES_MAX);
    }

    /** Others may have spent what all may keep: then one's own share counts no more, if one keeps anything at all. */
    @ParameterizedTest
    @MethodSource("queueing")
    void whoseNodeKeepsAllThatItMayIsReadNoMore(String stateName) {
        FrontendState state = STATES.get(stateName).apply(actions);

        actions.spendBudget();

        assertThat(state.readsClient()).isFalse();
    }

    @ParameterizedTest
    @MethodSource("queueing")
    void aStateThatIsAbandonedReleasesWhatWaits(String stateName) {
        FrontendState state = STATES.get(stateName).apply(actions);

        state.abandon();

        assertThat(state.parkedBytes()).isZero();
    }

    static Stream<String> queueing() {
        return Stream.of("Linking", "Replaying", "Draining", "Describing", "Held", "HearingOut", "Finishing");
    }

    /** Bytes of a server that there is not, or that was asked by the proxy itself: the link never gives them. */
    @ParameterizedTest
    @MethodSource("deaf")
    void bytesOfAServerThatCannotSpeakAreReleased(String stateName) {
        FrontendState state = STATES.get(stateName).apply(actions);

        assertThatThrownBy(() -> state.onServer(actions.bytes("I OK"), actions))
                .isInstanceOf(IllegalStateException.class);

        assertThat(actions.done()).isEmpty();
    }

    static Stream<String> deaf() {
        return Stream.of("Greeting", "Linking", "Replaying", "Describing", "HearingOut");
    }

    @Test
    void whoIsClosedTakesNothing() {
        Closed closed = new Closed();

        assertThat(closed.onClient(actions.bytes("WHO"), actions)).isSameAs(closed);
        assertThat(closed.onServer(actions.bytes("I OK"), actions)).isSameAs(closed);
        assertThat(actions.done()).isEmpty();

        closed.onEvent(new FrontendEvent.LinkOpened(BareLinks.to(RecordingActions.route(2))), actions);
        closed.onEvent(new FrontendEvent.CancelAsked(actions.task("cancelled")), actions);
        closed.onEvent(new FrontendEvent.SurveyAsked(actions.task("surveyed")), actions);

        assertThat(actions.done()).containsExactly("discard@2", "cancelled", "surveyed");
    }
}
