package dev.tdb.control.mysql;

import dev.tdb.control.engine.AdminAccess;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Shuts the logins of an epoch out, at the server: a proxy that missed the news cannot write any more.
 *
 * <p>First the accounts are locked, so that nobody new gets in, then those who are in are ended until none is left, those
 * included who were just coming in.
 */
final class MySqlFence {
    private static final Duration ROUNDS_MAX = Duration.ofSeconds(10);

    /** A login takes milliseconds; who is still at it then is ended as well, whoever it is. */
    private static final Duration LOGIN_MAX = Duration.ofSeconds(3);

    private static final Duration BETWEEN_ROUNDS = Duration.ofMillis(5);
    private static final int NO_SUCH_THREAD = 1094;

    private static final String COMING_IN =
            "SELECT ID FROM information_schema.PROCESSLIST WHERE USER = 'unauthenticated user'";

    private final MySqlConnector connector;

    MySqlFence(MySqlConnector connector) {
        this.connector = connector;
    }

    void raise(AdminAccess admin, List<String> users) throws SQLException {
        try (Connection connection = connector.admin(admin)) {
            lock(connection, Sql.existing(connection, users));
            endSessions(connection, users);
        }
    }

    void lower(AdminAccess admin, List<String> users) throws SQLException {
        try (Connection connection = connector.admin(admin)) {
            for (String user : Sql.existing(connection, users)) {
                Sql.run(connection, "ALTER USER " + Sql.account(user) + " ACCOUNT UNLOCK");
            }
        }
    }

    static void lock(Connection connection, List<String> users) throws SQLException {
        for (String user : users) {
            Sql.run(connection, "ALTER USER " + Sql.account(user) + " ACCOUNT LOCK");
        }
    }

    /**
     * Ends the sessions of these logins, which are locked, and looks again, until there are none and none is coming.
     *
     * <p>A session is listed, without its name, before its account is looked at. So who comes after this begins sees the
     * lock, and of those who were coming then each has to be known, or gone.
     *
     * @throws SQLException when that cannot be said after a while
     */
    static void endSessions(Connection connection, List<String> users) throws SQLException {
        long began = System.nanoTime();
        List<String> coming = Sql.column(connection, COMING_IN);
        while (true) {
            coming = stillComing(connection, coming);
            List<String> sessions = sessions(connection, users);
            if (coming.isEmpty() && sessions.isEmpty()) {
                return;
            }
            long lasted = System.nanoTime() - began;
            if (lasted > ROUNDS_MAX.toNanos()) {
                throw new SQLException("sessions of the old logins did not end in time");
            }
            for (String session : sessions) {
                kill(connection, session);
            }
            if (lasted > LOGIN_MAX.toNanos()) {
                for (String session : coming) {
                    kill(connection, session);
                }
            }
            pause();
        }
    }

    private static List<String> stillComing(Connection connection, List<String> before) throws SQLException {
        if (before.isEmpty()) {
            return before;
        }
        List<String> coming = new ArrayList<>(before);
        coming.retainAll(Sql.column(connection, COMING_IN));
        return coming;
    }

    private static List<String> sessions(Connection connection, List<String> users) throws SQLException {
        if (users.isEmpty()) {
            return List.of();
        }
        String places = "?, ".repeat(users.size() - 1) + "?";
        return Sql.column(
                connection,
                "SELECT ID FROM information_schema.PROCESSLIST WHERE USER IN (" + places
                        + ") AND ID <> CONNECTION_ID()",
                users.toArray());
    }

    /** Whoever is gone already is ended too. */
    static void kill(Connection connection, String session) throws SQLException {
        try {
            Sql.run(connection, "KILL " + Long.parseLong(session));
        } catch (SQLException e) {
            if (e.getErrorCode() != NO_SUCH_THREAD) {
                throw e;
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
