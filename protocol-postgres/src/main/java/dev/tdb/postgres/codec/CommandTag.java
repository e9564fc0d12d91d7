package dev.tdb.postgres.codec;

import io.netty.buffer.ByteBuf;

/**
 * The tag of a CommandComplete, read where it lies.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-message-formats.html">CommandComplete</a>
 */
public final class CommandTag {
    /** The longest tags have some 40 bytes. */
    public static final int BYTES_MAX = 64;

    private static final int DIGITS_MAX = 18;

    private CommandTag() {}

    /** The row count a tag ends with; -1 when it has none. */
    public static long rows(ByteBuf body, int index, int length) {
        int at = index + length - 1;
        if (at >= index && body.getByte(at) == 0) {
            at--;
        }
        long rows = 0;
        long unit = 1;
        int digits = 0;
        while (at >= index && digits <= DIGITS_MAX) {
            int digit = body.getByte(at) - '0';
            if (digit < 0 || digit > 9) {
                break;
            }
            rows += digit * unit;
            unit *= 10;
            digits++;
            at--;
        }
        boolean isCount = digits > 0 && digits <= DIGITS_MAX && at >= index && body.getByte(at) == ' ';
        return isCount ? rows : -1;
    }

    /** Whether the body is this tag, and nothing more. */
    public static boolean is(String tag, ByteBuf body, int index, int length) {
        if (length != tag.length() + 1) {
            return false;
        }
        for (int i = 0; i < tag.length(); i++) {
            if (body.getByte(index + i) != tag.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
