package dev.tdb.proxy.hold;

import java.util.HashMap;
import java.util.Map;

/**
 * What became of a route's sessions when a hold ended.
 *
 * @param held had something waiting
 * @param moved are on a new link, with their state
 * @param stayed are on the link they had
 * @param closedByReason ended, and why
 */
public record Released(int held, int moved, int stayed, Map<String, Integer> closedByReason) {
    public Released {
        closedByReason = Map.copyOf(closedByReason);
    }

    public static Released none() {
        return new Released(0, 0, 0, Map.of());
    }

    public Released plus(Released other) {
        return new Released(
                held + other.held,
                moved + other.moved,
                stayed + other.stayed,
                sum(closedByReason, other.closedByReason));
    }

    static Map<String, Integer> sum(Map<String, Integer> a, Map<String, Integer> b) {
        Map<String, Integer> all = new HashMap<>(a);
        b.forEach((reason, count) -> all.merge(reason, count, Integer::sum));
        return all;
    }
}
