package dev.tdb.postgres.codec;

/**
 * The type bytes of what a client sends once it is in.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-message-formats.html">Message Formats</a>
 */
public final class FrontendType {
    public static final byte BIND = 'B';
    public static final byte CLOSE = 'C';
    public static final byte COPY_DATA = 'd';
    public static final byte COPY_DONE = 'c';
    public static final byte COPY_FAIL = 'f';
    public static final byte DESCRIBE = 'D';
    public static final byte EXECUTE = 'E';
    public static final byte FLUSH = 'H';
    public static final byte FUNCTION_CALL = 'F';
    public static final byte PARSE = 'P';
    public static final byte QUERY = 'Q';
    public static final byte SYNC = 'S';
    public static final byte TERMINATE = 'X';

    /** ReadyForQuery: no transaction is open. */
    static final byte IDLE = 'I';

    private FrontendType() {}

    /** Whether the server passes this over in silence when no unit of work is under way. */
    public static boolean meansNothingAtRest(byte type) {
        return type == COPY_DATA || type == COPY_DONE || type == COPY_FAIL || type == FLUSH;
    }
}
