package dev.tdb.testkit.history;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Appends against the lists as they are in the end. */
public final class AppendChecker {
    private AppendChecker() {}

    /** @param lists each list's values, from its beginning to its end */
    public static List<Anomaly> check(History history, Map<String, List<Tag>> lists) {
        Map<Tag, Operation> sent = new HashMap<>();
        for (Operation operation : history.operations()) {
            if (operation.op() instanceof Op.Append append && sent.put(append.value(), operation) != null) {
                throw new IllegalArgumentException("value " + append.value() + " was sent twice");
            }
        }
        List<Anomaly> anomalies = new ArrayList<>();
        Set<Tag> found = new HashSet<>();
        lists.forEach((list, values) -> checkList(list, values, sent, found, anomalies));
        for (Operation operation : history.operations()) {
            if (operation.op() instanceof Op.Append(String list, Tag value)
                    && operation.outcome() == Outcome.OK
                    && !found.contains(value)) {
                anomalies.add(new Anomaly(Anomaly.Kind.LOST, value + " of list " + list));
            }
        }
        return List.copyOf(anomalies);
    }

    private static void checkList(
            String list, List<Tag> values, Map<Tag, Operation> sent, Set<Tag> found, List<Anomaly> anomalies) {
        Map<Integer, Integer> latest = new HashMap<>();
        for (Tag value : values) {
            String what = value + " in list " + list;
            Operation operation = sent.get(value);
            if (operation == null
                    || !(operation.op() instanceof Op.Append append
                            && append.list().equals(list))) {
                anomalies.add(new Anomaly(Anomaly.Kind.PHANTOM, what));
            } else if (!found.add(value)) {
                anomalies.add(new Anomaly(Anomaly.Kind.DUPLICATE, what));
            } else {
                if (operation.outcome() == Outcome.FAIL) {
                    anomalies.add(new Anomaly(Anomaly.Kind.REFUSED_BUT_DONE, what));
                }
                int before = latest.merge(value.session(), value.seq(), Math::max);
                if (before > value.seq()) {
                    anomalies.add(new Anomaly(
                            Anomaly.Kind.REORDERED, what + " stands behind " + value.session() + ":" + before));
                }
            }
        }
    }
}
