package dev.tdb.control.postgres;

import dev.tdb.control.secret.Tokens;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/**
 * That one session makes or removes a database, its roles and logins at a time: an advisory lock of the maintenance
 * database, which tenants cannot enter. It ends with the session.
 *
 * <p>What a process asked for before it was killed may still be running on the server, and would come true after a later
 * process has looked. Each tenant has one operation at a time, so whoever holds the claim now is such a remnant: it is
 * ended.
 */
final class DatabaseClaim {
    private static final int KEY_DIGITS = 16;
    private static final String END_HOLDER = "SELECT pg_terminate_backend(l.pid) FROM pg_locks l"
            + " WHERE l.locktype = 'advisory' AND l.objsubid = 1 AND l.granted AND l.pid <> pg_backend_pid()"
            + " AND l.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())"
            + " AND (l.classid::int8 << 32 | l.objid::int8) = ?";

    private DatabaseClaim() {}

    /** @param connection of the administrator, to the maintenance database */
    static void take(Connection connection, String database) throws SQLException {
        long key = Long.parseUnsignedLong(Tokens.sha256Hex("claim " + database).substring(0, KEY_DIGITS), 16);
        ask(connection, END_HOLDER, key);
        ask(connection, "SELECT pg_advisory_lock(?)", key);
    }

    private static void ask(Connection connection, String sql, long key) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, key);
            statement.executeQuery().close();
        }
    }
}
