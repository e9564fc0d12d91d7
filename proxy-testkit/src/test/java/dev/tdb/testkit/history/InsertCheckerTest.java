package dev.tdb.testkit.history;

import static dev.tdb.testkit.history.Histories.kinds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

final class InsertCheckerTest {
    private final History history = new Histories()
            .ok(0, 0, new Op.Insert(1))
            .ok(0, 1, new Op.Insert(2))
            .fail(1, 0, new Op.Insert(3))
            .info(1, 1, new Op.Insert(4), "")
            .history();

    @Test
    void everyAcknowledgedNumberOnceIsRight() {
        assertThat(InsertChecker.check(history, List.of(2L, 1L))).isEmpty();
    }

    @Test
    void anUnknownOutcomeMayBeThereOnce() {
        assertThat(InsertChecker.check(history, List.of(1L, 2L, 4L))).isEmpty();
    }

    @Test
    void anAcknowledgedNumberThatIsMissingIsLost() {
        assertThat(InsertChecker.check(history, List.of(1L)))
                .containsExactly(new Anomaly(Anomaly.Kind.LOST, "number 2 of 0:1"));
    }

    @Test
    void aNumberThatIsThereTwiceIsADuplicateWhateverItsOutcome() {
        assertThat(kinds(InsertChecker.check(history, List.of(1L, 1L, 2L, 4L, 4L))))
                .containsExactly(Anomaly.Kind.DUPLICATE, Anomaly.Kind.DUPLICATE);
    }

    @Test
    void aNumberThatNobodySentIsAPhantom() {
        assertThat(InsertChecker.check(history, List.of(1L, 2L, 9L)))
                .containsExactly(new Anomaly(Anomaly.Kind.PHANTOM, "number 9"));
    }

    @Test
    void aRefusedNumberMayNotBeThere() {
        assertThat(kinds(InsertChecker.check(history, List.of(1L, 2L, 3L))))
                .containsExactly(Anomaly.Kind.REFUSED_BUT_DONE);
    }

    @Test
    void aHistoryThatSendsANumberTwiceProvesNothing() {
        History twice = new Histories()
                .ok(0, 0, new Op.Insert(1))
                .ok(0, 1, new Op.Insert(1))
                .history();

        assertThatThrownBy(() -> InsertChecker.check(twice, List.of(1L))).isInstanceOf(IllegalArgumentException.class);
    }
}
