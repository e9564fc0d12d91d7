package dev.tdb.testkit.history;

import static dev.tdb.testkit.history.Histories.kinds;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CounterCheckerTest {
    private final History history = new Histories()
            .ok(0, 0, new Op.Increment("a"))
            .ok(1, 0, new Op.Increment("a"))
            .fail(1, 1, new Op.Increment("a"))
            .info(2, 0, new Op.Increment("a"), "57P01")
            .history();

    @ParameterizedTest
    @ValueSource(longs = {2, 3})
    void fromAllAcknowledgedToAllThatMayHaveHappenedIsRight(long found) {
        assertThat(CounterChecker.check(history, Map.of("a", found))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 4})
    void oneLostOrOneTwiceIsSeen(long found) {
        assertThat(kinds(CounterChecker.check(history, Map.of("a", found)))).containsExactly(Anomaly.Kind.MISCOUNTED);
    }

    @Test
    void aCounterThatIsGoneIsZero() {
        assertThat(kinds(CounterChecker.check(history, Map.of()))).containsExactly(Anomaly.Kind.MISCOUNTED);
    }

    @Test
    void aCounterThatNobodyIncrementedIsZero() {
        assertThat(kinds(CounterChecker.check(history, Map.of("a", 2L, "b", 1L))))
                .containsExactly(Anomaly.Kind.MISCOUNTED);
    }
}
