package dev.tdb.postgres.message;

import dev.tdb.proxy.refusal.NativeErrors;
import dev.tdb.proxy.refusal.ProtocolViolation;
import dev.tdb.proxy.refusal.Refusal;
import io.netty.buffer.ByteBuf;

/**
 * ErrorResponse ('E', server to client): why a command, or the connection, ended. Fields that are not named here are
 * skipped when reading.
 *
 * @param severity {@code ERROR}, {@code FATAL} or {@code PANIC}, never translated
 * @param sqlState five characters
 * @param message one sentence for people
 * @param routine the function of the server that raised it; empty for our own
 * @see <a href="https://www.postgresql.org/docs/current/protocol-error-fields.html">Error and Notice Message Fields</a>
 */
public record ErrorResponse(String severity, String sqlState, String message, String routine)
        implements BackendMessage {
    public static final byte TYPE = 'E';

    /** What a client is told: FATAL where the connection ends with it, ERROR where only the unit of work does. */
    public static ErrorResponse of(Refusal refusal) {
        return of(refusal, refusal.endsConnection() ? "FATAL" : "ERROR");
    }

    /** What a client is told when its connection ends, for whatever reason: always so before it is logged in. */
    public static ErrorResponse fatal(Refusal refusal) {
        return of(refusal, "FATAL");
    }

    private static ErrorResponse of(Refusal refusal, String severity) {
        return new ErrorResponse(severity, NativeErrors.of(refusal).sqlState(), refusal.sentence(), "");
    }

    static ErrorResponse decode(ByteBuf body) {
        String severity = "";
        String sqlState = "";
        String message = "";
        String routine = "";
        for (byte field = WireText.readByte(body); field != 0; field = WireText.readByte(body)) {
            String value = WireText.readLenient(body);
            switch (field) {
                case 'S' -> severity = severity.isEmpty() ? value : severity;
                case 'V' -> severity = value;
                case 'C' -> sqlState = value;
                case 'M' -> message = value;
                case 'R' -> routine = value;
                default -> {
                    // A field for people, or of a later version.
                }
            }
        }
        if (sqlState.length() != 5) {
            throw new ProtocolViolation("ErrorResponse without SQLSTATE");
        }
        return new ErrorResponse(severity, sqlState, message, routine);
    }

    /** Appends the whole message. */
    public void encode(ByteBuf out) {
        int start = WireText.begin(out, TYPE);
        field(out, 'S', severity);
        field(out, 'V', severity);
        field(out, 'C', sqlState);
        field(out, 'M', message);
        if (!routine.isEmpty()) {
            field(out, 'R', routine);
        }
        out.writeByte(0);
        WireText.end(out, start);
    }

    private static void field(ByteBuf out, char type, String value) {
        out.writeByte(type);
        WireText.write(out, value);
    }
}
