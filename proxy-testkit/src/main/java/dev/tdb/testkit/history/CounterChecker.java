package dev.tdb.testkit.history;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Counter increments against what the counters, which began at zero, say in the end. */
public final class CounterChecker {
    private CounterChecker() {}

    public static List<Anomaly> check(History history, Map<String, Long> finals) {
        Map<String, Long> acknowledged = new HashMap<>();
        Map<String, Long> unknown = new HashMap<>();
        for (Operation operation : history.operations()) {
            if (operation.op() instanceof Op.Increment(String counter)) {
                acknowledged.merge(counter, operation.outcome() == Outcome.OK ? 1L : 0L, Long::sum);
                unknown.merge(counter, operation.outcome() == Outcome.INFO ? 1L : 0L, Long::sum);
            }
        }
        TreeSet<String> counters = new TreeSet<>(finals.keySet());
        counters.addAll(acknowledged.keySet());
        List<Anomaly> anomalies = new ArrayList<>();
        for (String counter : counters) {
            long least = acknowledged.getOrDefault(counter, 0L);
            long most = least + unknown.getOrDefault(counter, 0L);
            long found = finals.getOrDefault(counter, 0L);
            if (found < least || found > most) {
                anomalies.add(new Anomaly(
                        Anomaly.Kind.MISCOUNTED,
                        "counter " + counter + " is " + found + ", expected " + least + " to " + most));
            }
        }
        return List.copyOf(anomalies);
    }
}
