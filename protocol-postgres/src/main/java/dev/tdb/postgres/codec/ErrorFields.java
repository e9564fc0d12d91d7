package dev.tdb.postgres.codec;

import io.netty.buffer.ByteBuf;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/**
 * What an ErrorResponse that passes says: enough for the query log. What is missing or cut off is empty.
 *
 * @param sqlState five characters; {@code XX000} where the server gave no such code
 * @see <a href="https://www.postgresql.org/docs/current/protocol-error-fields.html">Error and Notice Message Fields</a>
 */
public record ErrorFields(String severity, String sqlState, String message) {
    /** As much of the body as is looked at. */
    public static final int BYTES_MAX = 4096;

    private static final int MESSAGE_BYTES_MAX = 1024;
    private static final int SQLSTATE_CHARS = 5;
    private static final String INTERNAL_ERROR = "XX000";

    public static ErrorFields read(ByteBuf body, int index, int length, Charset charset) {
        String severity = "";
        String sqlState = "";
        String message = "";
        int at = index;
        int end = index + Math.min(length, BYTES_MAX);
        while (at < end && body.getByte(at) != 0) {
            byte field = body.getByte(at++);
            int bytes = StatementBook.lengthToZero(body, at, end - at);
            switch (field) {
                case 'S' -> severity = severity.isEmpty() ? ascii(body, at, bytes) : severity;
                case 'V' -> severity = ascii(body, at, bytes);
                case 'C' -> sqlState = ascii(body, at, bytes);
                case 'M' -> message = body.toString(at, Math.min(bytes, MESSAGE_BYTES_MAX), charset);
                default -> {
                    // Not for the query log.
                }
            }
            at += bytes + 1;
        }
        return new ErrorFields(severity, sqlState.length() == SQLSTATE_CHARS ? sqlState : INTERNAL_ERROR, message);
    }

    private static String ascii(ByteBuf body, int index, int length) {
        return body.toString(index, Math.min(length, 16), StandardCharsets.US_ASCII);
    }

    /** Whether the server closes the connection after it. */
    public boolean endsConnection() {
        return severity.equals("FATAL") || severity.equals("PANIC");
    }
}
