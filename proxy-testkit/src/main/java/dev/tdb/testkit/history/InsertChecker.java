package dev.tdb.testkit.history;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Unique numbered inserts against the numbers that are there in the end. */
public final class InsertChecker {
    private InsertChecker() {}

    /** @param present every row's number, in any order */
    public static List<Anomaly> check(History history, Iterable<Long> present) {
        Map<Long, Integer> counts = new HashMap<>();
        present.forEach(number -> counts.merge(number, 1, Integer::sum));
        List<Anomaly> anomalies = new ArrayList<>();
        Set<Long> sent = new HashSet<>();
        for (Operation operation : history.operations()) {
            if (operation.op() instanceof Op.Insert(long number)) {
                if (!sent.add(number)) {
                    throw new IllegalArgumentException("number " + number + " was sent twice: not a test of inserts");
                }
                judge(operation, number, counts.getOrDefault(number, 0), anomalies);
            }
        }
        counts.keySet().stream()
                .filter(number -> !sent.contains(number))
                .sorted()
                .forEach(number -> anomalies.add(new Anomaly(Anomaly.Kind.PHANTOM, "number " + number)));
        return List.copyOf(anomalies);
    }

    private static void judge(Operation operation, long number, int count, List<Anomaly> anomalies) {
        String what = "number " + number + " of " + operation.tag();
        if (count > 1) {
            anomalies.add(new Anomaly(Anomaly.Kind.DUPLICATE, what + ", there " + count + " times"));
        }
        switch (operation.outcome()) {
            case OK -> {
                if (count == 0) {
                    anomalies.add(new Anomaly(Anomaly.Kind.LOST, what));
                }
            }
            case FAIL -> {
                if (count > 0) {
                    anomalies.add(
                            new Anomaly(Anomaly.Kind.REFUSED_BUT_DONE, what + ", refused with " + operation.error()));
                }
            }
            case INFO -> {
                // Once or not at all: both are right.
            }
        }
    }
}
