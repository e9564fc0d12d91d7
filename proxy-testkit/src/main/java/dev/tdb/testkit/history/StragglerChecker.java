package dev.tdb.testkit.history;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Who was told of an error: each straggler of a cutover once, and nobody else. */
public final class StragglerChecker {
    private StragglerChecker() {}

    /** @param stragglers the sessions that were ended at the deadline, or could not move */
    public static List<Anomaly> check(History history, Set<Integer> stragglers) {
        Map<Integer, List<String>> errors = new HashMap<>();
        for (Operation operation : history.operations()) {
            if (operation.sawError()) {
                errors.computeIfAbsent(operation.tag().session(), _ -> new ArrayList<>())
                        .add(operation.tag() + " " + operation.error());
            }
        }
        List<Anomaly> anomalies = new ArrayList<>();
        errors.forEach((session, seen) -> {
            if (!stragglers.contains(session)) {
                anomalies.add(new Anomaly(Anomaly.Kind.ERRORS, "session " + session + ", at a safe point: " + seen));
            } else if (seen.size() > 1) {
                anomalies.add(new Anomaly(Anomaly.Kind.ERRORS, "straggler " + session + ", more than one: " + seen));
            }
        });
        stragglers.stream()
                .filter(session -> !errors.containsKey(session))
                .sorted()
                .forEach(session ->
                        anomalies.add(new Anomaly(Anomaly.Kind.ERRORS, "straggler " + session + " was told nothing")));
        return List.copyOf(anomalies);
    }
}
