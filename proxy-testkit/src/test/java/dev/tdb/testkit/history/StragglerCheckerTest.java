package dev.tdb.testkit.history;

import static dev.tdb.testkit.history.Histories.kinds;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

final class StragglerCheckerTest {
    private static final Op READ = new Op.Read("x");

    private final History history = new Histories()
            .ok(0, 0, READ)
            .ok(0, 1, READ)
            .ok(1, 0, READ)
            .info(1, 1, READ, "57P01")
            .history();

    @Test
    void oneErrorForTheStragglerAndNoneForOthersIsRight() {
        assertThat(StragglerChecker.check(history, Set.of(1))).isEmpty();
    }

    @Test
    void anErrorForASessionAtASafePointIsSeen() {
        assertThat(kinds(StragglerChecker.check(history, Set.of()))).containsExactly(Anomaly.Kind.ERRORS);
    }

    @Test
    void aStragglerThatWasToldNothingIsSeen() {
        assertThat(StragglerChecker.check(history, Set.of(0, 1)))
                .containsExactly(new Anomaly(Anomaly.Kind.ERRORS, "straggler 0 was told nothing"));
    }

    @Test
    void aStragglerThatWasToldTwiceIsSeen() {
        History twice = new Histories()
                .info(1, 0, READ, "57P01")
                .info(1, 1, READ, "57P01")
                .history();

        assertThat(kinds(StragglerChecker.check(twice, Set.of(1)))).containsExactly(Anomaly.Kind.ERRORS);
    }

    @Test
    void aConnectionThatEndsWithoutAWordIsNotAnErrorThatWasTold() {
        History silent = new Histories().info(1, 0, READ, "").history();

        assertThat(StragglerChecker.check(silent, Set.of(1)))
                .containsExactly(new Anomaly(Anomaly.Kind.ERRORS, "straggler 1 was told nothing"));
    }
}
