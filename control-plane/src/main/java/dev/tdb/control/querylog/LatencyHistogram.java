package dev.tdb.control.querylog;

import java.util.Arrays;

/**
 * How many durations fell into which bucket. Buckets are powers of two, eight to each, so that a percentile read from
 * them is off by 5 % at most; the few that are in use are kept in order.
 */
final class LatencyHistogram {
    private static final int PER_OCTAVE = 8;
    private static final double NANOS_PER_MILLI = 1_000_000;
    private static final int INITIAL_SIZE = 8;

    private int[] buckets = new int[INITIAL_SIZE];
    private long[] counts = new long[INITIAL_SIZE];
    private int size;

    void add(long nanos) {
        add((int) Math.floor(PER_OCTAVE * Math.log((double) Math.max(nanos, 1)) / Math.log(2)), 1);
    }

    private void add(int bucket, long count) {
        int at = Arrays.binarySearch(buckets, 0, size, bucket);
        if (at >= 0) {
            counts[at] += count;
            return;
        }
        int free = -at - 1;
        if (size == buckets.length) {
            buckets = Arrays.copyOf(buckets, 2 * size);
            counts = Arrays.copyOf(counts, 2 * size);
        }
        System.arraycopy(buckets, free, buckets, free + 1, size - free);
        System.arraycopy(counts, free, counts, free + 1, size - free);
        buckets[free] = bucket;
        counts[free] = count;
        size++;
    }

    /** Adds what {@link #encoded} made. */
    void addEncoded(byte[] encoded) {
        PackedReader in = new PackedReader(encoded);
        int bucket = 0;
        while (in.hasMore()) {
            bucket += (int) in.number();
            add(bucket, in.number());
        }
    }

    /** For each bucket the distance from the one before it, and its count. */
    byte[] encoded() {
        PackedWriter out = new PackedWriter();
        int before = 0;
        for (int i = 0; i < size; i++) {
            out.number(buckets[i] - before);
            out.number(counts[i]);
            before = buckets[i];
        }
        return out.toBytes();
    }

    /**
     * In milliseconds: the middle of the bucket that the rank falls into.
     *
     * @param rank above 0, 1 at most
     */
    double percentileMs(double rank) {
        long total = 0;
        for (int i = 0; i < size; i++) {
            total += counts[i];
        }
        long wanted = (long) Math.ceil(rank * total);
        long seen = 0;
        for (int i = 0; i < size; i++) {
            seen += counts[i];
            if (seen >= wanted) {
                return Math.pow(2, (buckets[i] + 0.5) / PER_OCTAVE) / NANOS_PER_MILLI;
            }
        }
        return 0;
    }
}
