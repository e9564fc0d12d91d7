package dev.tdb.control.querylog;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Numbers and texts one behind the other; a number takes seven bits to a byte, the lowest first. */
final class PackedWriter {
    private static final int INITIAL_BYTES = 256;
    private static final int NUMBER_BYTES_MAX = 10;

    private byte[] bytes = new byte[INITIAL_BYTES];
    private int size;

    /** One that is not negative takes as few bytes as it needs. */
    void number(long number) {
        room(NUMBER_BYTES_MAX);
        long rest = number;
        for (; (rest & ~0x7FL) != 0; rest >>>= 7) {
            bytes[size++] = (byte) (rest | 0x80);
        }
        bytes[size++] = (byte) rest;
    }

    /** One near zero, on either side, takes as few bytes as it needs. */
    void signed(long number) {
        number((number << 1) ^ (number >> (Long.SIZE - 1)));
    }

    void text(String text) {
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        number(encoded.length);
        bytes(encoded, encoded.length);
    }

    void all(PackedWriter other) {
        bytes(other.bytes, other.size);
    }

    void all(byte[] others) {
        bytes(others, others.length);
    }

    private void bytes(byte[] others, int count) {
        room(count);
        System.arraycopy(others, 0, bytes, size, count);
        size += count;
    }

    int size() {
        return size;
    }

    byte[] toBytes() {
        return Arrays.copyOf(bytes, size);
    }

    private void room(int wanted) {
        if (bytes.length - size < wanted) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, size + wanted));
        }
    }
}
