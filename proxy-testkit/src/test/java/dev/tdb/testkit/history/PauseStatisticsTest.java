package dev.tdb.testkit.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class PauseStatisticsTest {
    @Test
    void aPauseLastsFromOneAcknowledgementToTheNextWhateverFailsBetween() {
        History history = new Histories()
                .at(0, 0, 100, 110, Outcome.OK)
                .at(0, 1, 110, 150, Outcome.FAIL)
                .at(0, 2, 150, 190, Outcome.OK)
                .at(0, 3, 190, 200, Outcome.OK)
                .history();

        assertThat(PauseStatistics.of(history).max()).isEqualTo(Duration.ofNanos(80));
    }

    @Test
    void theFirstRequestBeginsAPause() {
        History history = new Histories().at(0, 0, 5, 25, Outcome.OK).history();

        assertThat(PauseStatistics.of(history).max()).isEqualTo(Duration.ofNanos(20));
    }

    @Test
    void percentilesAreOverSessions() {
        Histories histories = new Histories();
        for (int session = 0; session < 100; session++) {
            histories.at(session, 0, 0, session + 1, Outcome.OK);
        }

        PauseStatistics pauses = PauseStatistics.of(histories.history());

        assertThat(pauses)
                .isEqualTo(new PauseStatistics(100, Duration.ofNanos(50), Duration.ofNanos(99), Duration.ofNanos(100)));
    }

    @Test
    void aSessionThatWasNeverAcknowledgedIsNotCounted() {
        History history = new Histories().at(0, 0, 0, 9, Outcome.INFO).history();

        assertThat(PauseStatistics.of(history).sessions()).isZero();
        assertThat(PauseStatistics.of(history).p99()).isZero();
    }
}
