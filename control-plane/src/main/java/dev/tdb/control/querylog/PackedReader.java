package dev.tdb.control.querylog;

import java.nio.charset.StandardCharsets;

/**
 * Reads what a {@link PackedWriter} wrote. Of bytes that nobody wrote it throws an {@link IndexOutOfBoundsException}, or
 * reads something else.
 */
final class PackedReader {
    private final byte[] bytes;
    private int at;

    PackedReader(byte[] bytes) {
        this.bytes = bytes;
    }

    long number() {
        long number = 0;
        int shift = 0;
        byte next;
        do {
            next = bytes[at++];
            number |= (long) (next & 0x7F) << shift;
            shift += 7;
        } while (next < 0);
        return number;
    }

    long signed() {
        long number = number();
        return (number >>> 1) ^ -(number & 1);
    }

    String text() {
        int length = count();
        String text = new String(bytes, at, length, StandardCharsets.UTF_8);
        at += length;
        return text;
    }

    boolean hasMore() {
        return at < bytes.length;
    }

    /** How many bytes have been read. */
    int at() {
        return at;
    }

    /** A number of things of a byte or more each, which must be there. */
    int count() {
        long count = number();
        if (count < 0 || count > bytes.length - at) {
            throw new IndexOutOfBoundsException(count + " of " + (bytes.length - at) + " bytes");
        }
        return (int) count;
    }
}
