package dev.tdb.control.querylog;

/** Adds up queries, one by one or by the rollup. */
final class StatsSum {
    private static final double NANOS_PER_MILLI = 1_000_000;

    private final LatencyHistogram latencies = new LatencyHistogram();
    private long total;
    private long failed;
    private long slow;
    private long held;
    private long api;
    private long sumNanos;
    private long maxNanos;

    /** One query. */
    void add(boolean isApi, boolean isFailed, boolean isSlow, boolean wasHeld, long nanos) {
        latencies.add(nanos);
        count(isApi, 1, isFailed ? 1 : 0, isSlow ? 1 : 0, wasHeld ? 1 : 0, nanos, nanos);
    }

    /** Queries that were added up when they were written. */
    void add(
            boolean isApi,
            long count,
            long failures,
            long slowOnes,
            long heldOnes,
            long nanos,
            long longest,
            byte[] histogram) {
        latencies.addEncoded(histogram);
        count(isApi, count, failures, slowOnes, heldOnes, nanos, longest);
    }

    private void count(
            boolean isApi, long count, long failures, long slowOnes, long heldOnes, long nanos, long longest) {
        total += count;
        failed += failures;
        slow += slowOnes;
        held += heldOnes;
        api += isApi ? count : 0;
        sumNanos += nanos;
        maxNanos = Math.max(maxNanos, longest);
    }

    LogStats stats() {
        return new LogStats(
                total,
                total - failed,
                failed,
                total - api,
                api,
                total == 0 ? 0 : sumNanos / NANOS_PER_MILLI / total,
                maxNanos / NANOS_PER_MILLI,
                percentile(0.50),
                percentile(0.95),
                percentile(0.99),
                slow,
                held);
    }

    private double percentile(double rank) {
        return Math.min(latencies.percentileMs(rank), maxNanos / NANOS_PER_MILLI);
    }
}
