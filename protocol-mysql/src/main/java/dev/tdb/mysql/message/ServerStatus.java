package dev.tdb.mysql.message;

/**
 * Bits of what a server says of a session with each reply.
 *
 * @see <a href="https://dev.mysql.com/doc/dev/mysql-server/latest/mysql__com_8h.html">SERVER_STATUS_flags_enum</a>
 */
public final class ServerStatus {
    public static final int IN_TRANS = 1;
    public static final int AUTOCOMMIT = 1 << 1;
    /** Another result follows in the same reply. */
    public static final int MORE_RESULTS_EXISTS = 1 << 3;

    /** A cursor was opened: rows are fetched by commands of their own. */
    public static final int CURSOR_EXISTS = 1 << 6;

    public static final int LAST_ROW_SENT = 1 << 7;
    /** Behind an OK packet's text stands what changed in the session. */
    public static final int SESSION_STATE_CHANGED = 1 << 14;

    private static final int DB_DROPPED = 1 << 8;
    private static final int NO_BACKSLASH_ESCAPES = 1 << 9;
    private static final int IN_TRANS_READONLY = 1 << 13;
    /** MariaDB's. */
    private static final int ANSI_QUOTES = 1 << 15;

    /** Those that say how the session is; all others are about the statement that was done. */
    public static final int OF_SESSION =
            IN_TRANS | AUTOCOMMIT | DB_DROPPED | NO_BACKSLASH_ESCAPES | IN_TRANS_READONLY | ANSI_QUOTES;

    private ServerStatus() {}

    public static boolean has(int status, int bit) {
        return (status & bit) != 0;
    }
}
