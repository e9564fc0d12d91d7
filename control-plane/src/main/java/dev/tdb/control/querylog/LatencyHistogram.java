package dev.tdb.control.querylog;

import java.io.ByteArrayOutputStream;
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
        int at = 0;
        int bucket = 0;
        while (at < encoded.length) {
            bucket += encoded[at++] & 0xFF;
            if (encoded[at - 1] == (byte) 0xFF) {
                continue; // a gap of more than 254 buckets is said in parts
            }
            long count = 0;
            int shift = 0;
            byte next;
            do {
                next = encoded[at++];
                count |= (long) (next & 0x7F) << shift;
                shift += 7;
            } while (next < 0);
            add(bucket, count);
        }
    }

    /** For each bucket the distance from the one before it, a byte, and its count, seven bits to a byte. */
    byte[] encoded() {
        ByteArrayOutputStream out = new ByteArrayOutputStream(3 * size);
        int before = 0;
        for (int i = 0; i < size; i++) {
            int gap = buckets[i] - before;
            for (; gap >= 0xFF; gap -= 0xFF) {
                out.write(0xFF);
            }
            out.write(gap);
            long count = counts[i];
            for (; count > 0x7F; count >>>= 7) {
                out.write((int) (count & 0x7F) | 0x80);
            }
            out.write((int) count);
            before = buckets[i];
        }
        return out.toByteArray();
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
