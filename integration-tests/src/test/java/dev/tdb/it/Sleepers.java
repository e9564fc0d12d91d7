package dev.tdb.it;

import static org.awaitility.Awaitility.await;

import dev.tdb.local.PostgresServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/** Sessions that execute {@code pg_sleep}, as their server sees them. */
final class Sleepers {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private Sleepers() {}

    static void awaitOne(PostgresServer server, String database) {
        try (Connection connection = server.connect("postgres");
                Statement question = connection.createStatement()) {
            await().atMost(PATIENCE)
                    .until(() -> isAny(
                            question,
                            "SELECT FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = '" + database
                                    + "'"));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isAny(Statement question, String sql) throws SQLException {
        try (ResultSet rows = question.executeQuery(sql)) {
            return rows.next();
        }
    }
}
