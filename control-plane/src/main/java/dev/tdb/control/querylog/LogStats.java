package dev.tdb.control.querylog;

/**
 * A tenant's queries over a span of time, counted.
 *
 * @param slow at or above the configured threshold
 * @param held that waited on hold
 */
public record LogStats(
        long total,
        long successful,
        long failed,
        long bySourceProxy,
        long bySourceApi,
        double averageMs,
        double maxMs,
        double p50Ms,
        double p95Ms,
        double p99Ms,
        long slow,
        long held) {
    /** In percent; 100 when there were no queries. */
    public double successRate() {
        return total == 0 ? 100 : 100.0 * successful / total;
    }
}
