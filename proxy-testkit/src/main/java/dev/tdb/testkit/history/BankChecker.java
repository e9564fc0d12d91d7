package dev.tdb.testkit.history;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Transfers between accounts: whoever looks, at whatever moment, sees the same sum. */
public final class BankChecker {
    private BankChecker() {}

    /**
     * @param sum of all balances, from the beginning
     * @param snapshots balances by account, each read in one statement or snapshot, while transfers went on and after
     */
    public static List<Anomaly> check(long sum, Collection<? extends Map<Integer, Long>> snapshots) {
        List<Anomaly> anomalies = new ArrayList<>();
        int index = 0;
        for (Map<Integer, Long> balances : snapshots) {
            long found = balances.values().stream().mapToLong(Long::longValue).sum();
            if (found != sum) {
                anomalies.add(new Anomaly(
                        Anomaly.Kind.SUM_CHANGED, "snapshot " + index + " sums to " + found + ", expected " + sum));
            }
            index++;
        }
        return List.copyOf(anomalies);
    }

    /**
     * Whether final balances are those that the acknowledged transfers lead to: exactly, when no outcome is unknown.
     *
     * @param initial balances before the first transfer
     */
    public static List<Anomaly> checkBalances(History history, Map<Integer, Long> initial, Map<Integer, Long> finals) {
        Map<Integer, Long> expected = new java.util.TreeMap<>(initial);
        Map<Integer, Long> slack = new java.util.TreeMap<>();
        for (Operation operation : history.operations()) {
            if (operation.op() instanceof Op.Transfer(int from, int to, long amount)) {
                switch (operation.outcome()) {
                    case OK -> {
                        expected.merge(from, -amount, Long::sum);
                        expected.merge(to, amount, Long::sum);
                    }
                    case INFO -> {
                        slack.merge(from, Math.abs(amount), Long::sum);
                        slack.merge(to, Math.abs(amount), Long::sum);
                    }
                    case FAIL -> {
                        // Nothing moved.
                    }
                }
            }
        }
        List<Anomaly> anomalies = new ArrayList<>();
        expected.forEach((account, balance) -> {
            long found = finals.getOrDefault(account, 0L);
            if (Math.abs(found - balance) > slack.getOrDefault(account, 0L)) {
                anomalies.add(new Anomaly(
                        Anomaly.Kind.MISCOUNTED, "account " + account + " has " + found + ", expected " + balance));
            }
        });
        return List.copyOf(anomalies);
    }
}
