package dev.tdb.control.querylog;

import dev.tdb.proxy.observe.QueryEvent;
import java.util.TreeMap;

/** Adds up rollups. */
final class StatsSum {
    private static final double NANOS_PER_MILLI = 1_000_000;

    private final TreeMap<Integer, Long> histogram = new TreeMap<>();
    private long total;
    private long failed;
    private long slow;
    private long proxy;
    private long sumNanos;
    private long maxNanos;

    /** @param source {@code proxy} or {@code api} */
    void add(String source, int bucket, long count, long failures, long slowOnes, long nanos, long longest) {
        histogram.merge(bucket, count, Long::sum);
        total += count;
        failed += failures;
        slow += slowOnes;
        proxy += source.equals(LogFiles.word(QueryEvent.Source.PROXY)) ? count : 0;
        sumNanos += nanos;
        maxNanos = Math.max(maxNanos, longest);
    }

    LogStats stats() {
        return new LogStats(
                total,
                total - failed,
                failed,
                proxy,
                total - proxy,
                total == 0 ? 0 : sumNanos / NANOS_PER_MILLI / total,
                maxNanos / NANOS_PER_MILLI,
                percentile(0.50),
                percentile(0.95),
                percentile(0.99),
                slow);
    }

    private double percentile(double rank) {
        long wanted = (long) Math.ceil(rank * total);
        long seen = 0;
        for (var entry : histogram.entrySet()) {
            seen += entry.getValue();
            if (seen >= wanted) {
                return Math.min(LatencyBuckets.middleMs(entry.getKey()), maxNanos / NANOS_PER_MILLI);
            }
        }
        return 0;
    }
}
