package dev.tdb.control.mysql;

import dev.tdb.control.secret.Tokens;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * That one session makes or removes a database and its logins at a time: a user lock. It ends with the session.
 *
 * <p>What a process asked for before it was killed may still be running on the server, and would come true after a later
 * process has looked. Each tenant has one operation at a time, so whoever holds the claim now is such a remnant, or
 * somebody who has no business with it: it is ended.
 */
final class DatabaseClaim {
    private static final int WAIT_SECONDS = 20;

    private DatabaseClaim() {}

    /** @param connection of the administrator */
    static void take(Connection connection, String database) throws SQLException {
        String lock = "tdb.claim." + Tokens.sha256Hex(database).substring(0, 32);
        List<String> holder = Sql.column(connection, "SELECT IS_USED_LOCK(?)", lock);
        if (!holder.getFirst().isEmpty()) {
            MySqlFence.kill(connection, holder.getFirst());
        }
        if (!Sql.one(connection, "SELECT GET_LOCK(?, ?)", lock, WAIT_SECONDS).equals("1")) {
            throw new SQLException("another session makes or removes the database");
        }
    }
}
