package dev.tdb.control.postgres;

import dev.tdb.control.engine.AdminAccess;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/**
 * Shuts the logins of an epoch out of a database, at the server: a proxy that missed the news cannot write any more.
 *
 * <p>First nobody new gets in (NOLOGIN, and no CONNECT for the roles they belong to), then those who are in are ended
 * until none is left, those included who were just coming in.
 */
final class PostgresFence {
    private static final Duration ROUNDS_MAX = Duration.ofSeconds(10);
    private static final Duration BETWEEN_ROUNDS = Duration.ofMillis(5);

    private static final String COMING_IN = "SELECT pid FROM pg_locks WHERE locktype = 'object' AND granted"
            + " AND classid = 'pg_database'::regclass AND mode = 'RowExclusiveLock' AND pid <> pg_backend_pid()"
            + " AND objid = (SELECT oid FROM pg_database WHERE datname = ?)";
    private static final String END_THOSE_LISTED = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            + " WHERE usename::text = ANY (?) AND pid <> pg_backend_pid()";

    private final PostgresConnector connector;

    PostgresFence(PostgresConnector connector) {
        this.connector = connector;
    }

    void raise(AdminAccess admin, String database, List<String> users) throws SQLException {
        try (Connection connection = connector.admin(admin, PostgresConnector.MAINTENANCE_DATABASE)) {
            connection.setAutoCommit(false);
            for (String user : Sql.existing(connection, users)) {
                Sql.run(connection, "ALTER ROLE " + Sql.name(user) + " NOLOGIN");
            }
            Sql.run(connection, connectStatement("REVOKE", "FROM", database));
            connection.commit();
            connection.setAutoCommit(true);
            endSessions(connection, database, users);
        }
    }

    void lower(AdminAccess admin, String database, List<String> users) throws SQLException {
        try (Connection connection = connector.admin(admin, PostgresConnector.MAINTENANCE_DATABASE)) {
            connection.setAutoCommit(false);
            Sql.run(connection, connectStatement("GRANT", "TO", database));
            for (String user : Sql.existing(connection, users)) {
                Sql.run(connection, "ALTER ROLE " + Sql.name(user) + " LOGIN");
            }
            connection.commit();
        }
    }

    private static String connectStatement(String verb, String preposition, String database) {
        PostgresRoles roles = PostgresRoles.of(database);
        return verb + " CONNECT ON DATABASE " + Sql.name(database) + " " + preposition + " " + Sql.name(roles.owner())
                + ", " + Sql.name(roles.write()) + ", " + Sql.name(roles.read());
    }

    /**
     * Ends the sessions of these logins, and looks again, until there are none and none is coming.
     *
     * @throws SQLException when that cannot be said after a while
     */
    static void endSessions(Connection connection, String database, List<String> users) throws SQLException {
        long deadline = System.nanoTime() + ROUNDS_MAX.toNanos();
        while (!isQuiet(connection, database, users)) {
            if (System.nanoTime() - deadline > 0) {
                throw new SQLException("sessions of the old logins did not end in time");
            }
            pause();
        }
    }

    /**
     * A session that comes in locks the database before its right to enter is looked at, and lets go of the lock after it
     * is listed. So who was not coming when it was looked first, and is not listed then, is not there and is refused later.
     */
    private static boolean isQuiet(Connection connection, String database, List<String> users) throws SQLException {
        boolean nobodyComes = !find(connection, COMING_IN, database);
        boolean nobodyIsThere = !find(connection, END_THOSE_LISTED, connection.createArrayOf("text", users.toArray()));
        return nobodyComes && nobodyIsThere;
    }

    private static boolean find(Connection connection, String sql, Object argument) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, argument);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next();
            }
        }
    }

    private static void pause() throws SQLException {
        try {
            Thread.sleep(BETWEEN_ROUNDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLException("interrupted while sessions were being ended", e);
        }
    }
}
