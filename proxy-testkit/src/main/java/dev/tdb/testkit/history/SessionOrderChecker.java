package dev.tdb.testkit.history;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Whether what a session sent was done, and answered, in the order it was sent. */
public final class SessionOrderChecker {
    private SessionOrderChecker() {}

    /** Replies came in the order of the requests; a client that pipelines cannot tell them apart otherwise. */
    public static List<Anomaly> checkReplies(History history) {
        List<Anomaly> anomalies = new ArrayList<>();
        history.bySession().values().forEach(operations -> {
            for (int i = 1; i < operations.size(); i++) {
                Operation earlier = operations.get(i - 1);
                Operation later = operations.get(i);
                if (later.completedNanos() - earlier.completedNanos() < 0) {
                    anomalies.add(
                            new Anomaly(Anomaly.Kind.REORDERED, later.tag() + " was answered before " + earlier.tag()));
                }
            }
        });
        return List.copyOf(anomalies);
    }

    /** @param done traces of operations, in the order the database did them (a serial number, a commit order) */
    public static List<Anomaly> checkDone(Iterable<Tag> done) {
        Map<Integer, Integer> latest = new HashMap<>();
        List<Anomaly> anomalies = new ArrayList<>();
        for (Tag tag : done) {
            Integer before = latest.put(tag.session(), tag.seq());
            if (before != null && before >= tag.seq()) {
                Anomaly.Kind kind = before == tag.seq() ? Anomaly.Kind.DUPLICATE : Anomaly.Kind.REORDERED;
                anomalies.add(new Anomaly(kind, tag + " was done after " + tag.session() + ":" + before));
                latest.put(tag.session(), Math.max(before, tag.seq()));
            }
        }
        return List.copyOf(anomalies);
    }
}
