package dev.tdb.it;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A value that is nowhere whole on our side: one text of 1009 characters, again and again. What is lost, doubled or
 * swapped in it shows, because 1009 is prime and every four of its characters are others.
 */
record LongValue(int repeats) {
    private static final String TEXT =
            IntStream.range(0, 252).mapToObj("%04d"::formatted).collect(Collectors.joining()) + "\n";
    private static final byte[] BYTES = TEXT.getBytes(StandardCharsets.US_ASCII);

    /** The longest of at most {@code bytes}. */
    static LongValue ofAtMost(long bytes) {
        return new LongValue(Math.toIntExact(bytes / BYTES.length));
    }

    /** The text without its last character, which ends a line: one row, as COPY has it. */
    static String row() {
        return TEXT.strip();
    }

    int length() {
        return repeats * BYTES.length;
    }

    /** An expression whose value it is. */
    String sql() {
        return "repeat('" + TEXT + "', " + repeats + ")";
    }

    void writeTo(OutputStream out) throws IOException {
        for (int i = 0; i < repeats; i++) {
            out.write(BYTES);
        }
    }

    /** Takes as many bytes as it is long; they must be its own. */
    void readFrom(InputStream in) throws IOException {
        for (int i = 0; i < repeats; i++) {
            byte[] read = in.readNBytes(BYTES.length);
            if (!Arrays.equals(read, BYTES)) {
                throw new AssertionError(
                        "repeat " + i + " of " + repeats + " is '" + new String(read, StandardCharsets.UTF_8) + "'");
            }
        }
    }

    String md5() {
        try {
            MessageDigest digest = MessageDigest.getInstance("MD5");
            for (int i = 0; i < repeats; i++) {
                digest.update(BYTES);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has MD5", e);
        }
    }
}
