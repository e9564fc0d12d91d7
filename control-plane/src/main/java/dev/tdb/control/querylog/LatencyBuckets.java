package dev.tdb.control.querylog;

/** Durations by powers of two, eight buckets to each: a percentile read from them is off by 5 % at most. */
final class LatencyBuckets {
    private static final int PER_OCTAVE = 8;
    private static final double NANOS_PER_MILLI = 1_000_000;

    private LatencyBuckets() {}

    static int of(long nanos) {
        return (int) Math.floor(PER_OCTAVE * Math.log((double) Math.max(nanos, 1)) / Math.log(2));
    }

    /** The middle of a bucket, in milliseconds. */
    static double middleMs(int bucket) {
        return Math.pow(2, (bucket + 0.5) / PER_OCTAVE) / NANOS_PER_MILLI;
    }
}
