package dev.tdb.testkit.history;

import static dev.tdb.testkit.history.Histories.kinds;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class BankCheckerTest {
    private static final Map<Integer, Long> INITIAL = Map.of(1, 50L, 2, 50L);

    private final History history = new Histories()
            .ok(0, 0, new Op.Transfer(1, 2, 10))
            .fail(0, 1, new Op.Transfer(1, 2, 30))
            .info(0, 2, new Op.Transfer(2, 1, 5), "")
            .history();

    @Test
    void theSameSumInEverySnapshotIsRight() {
        assertThat(BankChecker.check(100, List.of(INITIAL, Map.of(1, 40L, 2, 60L))))
                .isEmpty();
    }

    @Test
    void halfATransferIsSeen() {
        assertThat(BankChecker.check(100, List.of(INITIAL, Map.of(1, 40L, 2, 50L))))
                .containsExactly(new Anomaly(Anomaly.Kind.SUM_CHANGED, "snapshot 1 sums to 90, expected 100"));
    }

    @Test
    void balancesFollowTheAcknowledgedTransfersAndMayFollowTheUnknown() {
        assertThat(BankChecker.checkBalances(history, INITIAL, Map.of(1, 40L, 2, 60L)))
                .isEmpty();
        assertThat(BankChecker.checkBalances(history, INITIAL, Map.of(1, 45L, 2, 55L)))
                .isEmpty();
    }

    @Test
    void anAcknowledgedTransferThatIsLostKeepsTheSumAndIsSeenAllTheSame() {
        assertThat(kinds(BankChecker.checkBalances(history, INITIAL, INITIAL)))
                .containsExactly(Anomaly.Kind.MISCOUNTED, Anomaly.Kind.MISCOUNTED);
    }

    @Test
    void aTransferDoneTwiceKeepsTheSumAndIsSeenAllTheSame() {
        assertThat(kinds(BankChecker.checkBalances(history, INITIAL, Map.of(1, 30L, 2, 70L))))
                .containsExactly(Anomaly.Kind.MISCOUNTED, Anomaly.Kind.MISCOUNTED);
    }
}
