package dev.tdb.control.postgres;

import dev.tdb.control.engine.AdminAccess;
import java.sql.Array;
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
 * until none is left: a session that was just logging in is caught by a later round.
 */
final class PostgresFence {
    private static final Duration ROUNDS_MAX = Duration.ofSeconds(10);
    private static final Duration BETWEEN_ROUNDS = Duration.ofMillis(5);

    /** A session is listed a moment after it was let in: one look that finds none is not enough. */
    private static final int EMPTY_ROUNDS = 3;

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
            endSessions(connection, users);
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

    /** Ends the sessions of these logins, and looks again, until there are none. */
    static void endSessions(Connection connection, List<String> users) throws SQLException {
        Array names = connection.createArrayOf("text", users.toArray());
        long deadline = System.nanoTime() + ROUNDS_MAX.toNanos();
        try (PreparedStatement statement = connection.prepareStatement("SELECT pg_terminate_backend(pid)"
                + " FROM pg_stat_activity WHERE usename::text = ANY (?) AND pid <> pg_backend_pid()")) {
            statement.setArray(1, names);
            for (int empty = 0; empty < EMPTY_ROUNDS; ) {
                try (ResultSet rows = statement.executeQuery()) {
                    empty = rows.next() ? 0 : empty + 1;
                }
                if (System.nanoTime() - deadline > 0) {
                    throw new SQLException("sessions of the old logins did not end in time");
                }
                pause();
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
