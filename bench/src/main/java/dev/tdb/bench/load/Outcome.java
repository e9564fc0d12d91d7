package dev.tdb.bench.load;

/**
 * What clients saw of one load on one way.
 *
 * @param count queries, connections or megabytes
 * @param perSecond of them
 * @param p50Micros latency; NaN where there is none
 */
record Outcome(double count, double perSecond, double p50Micros, double p99Micros) {}
