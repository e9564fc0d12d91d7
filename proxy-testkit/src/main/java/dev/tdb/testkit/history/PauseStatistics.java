package dev.tdb.testkit.history;

import java.time.Duration;
import java.util.List;

/**
 * How long clients were kept waiting: of each session the longest time without an acknowledgement, and of those the
 * median, the 99th percentile and the longest.
 *
 * @param sessions that were acknowledged anything
 */
public record PauseStatistics(int sessions, Duration p50, Duration p99, Duration max) {
    public static PauseStatistics of(History history) {
        List<Duration> longest = history.bySession().values().stream()
                .filter(operations -> operations.stream().anyMatch(o -> o.outcome() == Outcome.OK))
                .map(PauseStatistics::longestPause)
                .sorted()
                .toList();
        return new PauseStatistics(
                longest.size(), percentile(longest, 50), percentile(longest, 99), percentile(longest, 100));
    }

    /** From the session's first request to its first acknowledgement, and from each acknowledgement to the next. */
    private static Duration longestPause(List<Operation> operations) {
        long since = operations.getFirst().invokedNanos();
        long longest = 0;
        for (Operation operation : operations) {
            if (operation.outcome() == Outcome.OK) {
                longest = Math.max(longest, operation.completedNanos() - since);
                since = operation.completedNanos();
            }
        }
        return Duration.ofNanos(longest);
    }

    /** Nearest rank. */
    private static Duration percentile(List<Duration> ascending, int percent) {
        if (ascending.isEmpty()) {
            return Duration.ZERO;
        }
        int rank = Math.ceilDiv(ascending.size() * percent, 100);
        return ascending.get(Math.max(1, rank) - 1);
    }
}
