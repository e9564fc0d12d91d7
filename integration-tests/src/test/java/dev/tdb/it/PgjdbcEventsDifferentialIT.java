package dev.tdb.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tdb.it.Differential.Ground;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/** pgjdbc is told the same by the proxy as by the server of what comes unasked: notifications, cancels and ends. */
@ExtendWith(OneDifferential.class)
final class PgjdbcEventsDifferentialIT {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int NEWS_MILLIS = 5000;

    private static Differential differential;

    @BeforeAll
    static void take(Differential shared) {
        differential = shared;
    }

    @ParameterizedTest
    @EnumSource(Ground.class)
    void notifications(Ground ground) throws Exception {
        differential.compare(ground, (endpoint, transcript) -> {
            try (Connection listener = endpoint.connect();
                    Connection teller = endpoint.connect()) {
                transcript.execute(listener, "LISTEN news");
                transcript.execute(listener, "LISTEN \"Other News\"");
                for (int i = 0; i < 3; i++) {
                    transcript.prepared(teller, 1, "SELECT pg_notify('news', ?)", "from another, " + i);
                    news(listener, transcript, 1);
                    transcript.execute(teller, "NOTIFY \"Other News\"");
                    news(listener, transcript, 1);
                    transcript.execute(listener, "NOTIFY news, 'to myself'");
                    news(listener, transcript, 1);
                }
                transcript.execute(teller, "BEGIN; NOTIFY news, 'one'; NOTIFY news, 'two'; NOTIFY news, 'two'; COMMIT");
                news(listener, transcript, 2);
                transcript.execute(teller, "BEGIN; NOTIFY news, 'never'; ROLLBACK");
                transcript.execute(listener, "UNLISTEN news");
                transcript.execute(teller, "NOTIFY news, 'not heard'");
                transcript.execute(teller, "SELECT pg_notify('Other News', repeat('x', 7999))");
                news(listener, transcript, 1);
                transcript.execute(teller, "SELECT pg_notify('news', repeat('x', 8000))");
                transcript.execute(listener, "SELECT * FROM pg_listening_channels()");
            }
        });
    }

    /** Waits until {@code count} have come. */
    private static void news(Connection listener, Transcript transcript, int count) {
        transcript.attempt("news", () -> {
            int heard = 0;
            while (heard < count) {
                PGNotification[] all = listener.unwrap(PGConnection.class).getNotifications(NEWS_MILLIS);
                assertThat(all).as("notifications").isNotEmpty();
                for (PGNotification one : all) {
                    transcript.note("heard " + one.getName() + ": " + one.getParameter());
                    heard++;
                }
            }
        });
    }

    @ParameterizedTest
    @EnumSource(Ground.class)
    void aStatementThatIsCancelled(Ground ground) throws Exception {
        differential.compare(ground, (endpoint, transcript) -> {
            try (Connection connection = endpoint.connect()) {
                for (String sql : List.of(
                        "SELECT pg_sleep(60)",
                        "SELECT 1; SELECT pg_sleep(60); SELECT 2",
                        "DO $$ BEGIN PERFORM"
                                + " pg_sleep(60); EXCEPTION WHEN query_canceled THEN RAISE NOTICE 'woken'; END $$")) {
                    transcript.attempt(sql, () -> {
                        try (Statement statement = connection.createStatement()) {
                            Thread canceller = Thread.ofVirtual().start(() -> cancelWhenAsleep(statement));
                            try {
                                transcript.results(statement, statement.execute(sql));
                            } finally {
                                join(canceller);
                            }
                        }
                    });
                    transcript.execute(connection, "SELECT 'and on'");
                }
            }
        });
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void cancelWhenAsleep(Statement statement) {
        Sleepers.awaitOne(differential.server(), Differential.DATABASE);
        try {
            statement.cancel();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @EnumSource(Ground.class)
    void timeOuts(Ground ground) throws Exception {
        differential.compare(ground, (endpoint, transcript) -> {
            try (Connection connection = endpoint.connect()) {
                transcript.attempt("of the driver, which cancels", () -> {
                    try (Statement statement = connection.createStatement()) {
                        statement.setQueryTimeout(1);
                        statement.execute("SELECT pg_sleep(60)");
                    }
                });
                transcript.execute(connection, "SET statement_timeout = '30ms'");
                transcript.execute(connection, "SELECT pg_sleep(60)");
                transcript.execute(connection, "BEGIN; SELECT 1; SELECT pg_sleep(60)");
                transcript.execute(connection, "ROLLBACK");
                transcript.execute(connection, "SELECT 'and on'");
            }
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT pg_terminate_backend(pg_backend_pid())",
                "SELECT 1; SELECT pg_terminate_backend(pg_backend_pid()); SELECT 2",
                "BEGIN; SET LOCAL transaction_timeout = '30ms'; SELECT pg_sleep(60)",
            })
    void aSessionThatTheServerEnds(String sql) throws Exception {
        differential.compare(Ground.STILL, (endpoint, transcript) -> {
            try (Connection connection = endpoint.connect()) {
                transcript.execute(connection, "SELECT 1");
                transcript.execute(connection, sql);
                transcript.note("closed " + connection.isClosed());
                transcript.execute(connection, "SELECT 'after the end'");
            }
        });
    }

    @Test
    void aSessionThatTheServerEndsWhileItIsIdle() throws Exception {
        differential.compare(Ground.STILL, (endpoint, transcript) -> {
            try (Connection connection = endpoint.connect();
                    Statement question = connection.createStatement()) {
                question.execute("SET idle_in_transaction_session_timeout = '30ms'; BEGIN; SELECT 1");
                try (Connection watcher = differential.server().connect("postgres");
                        Statement watch = watcher.createStatement()) {
                    await().atMost(PATIENCE).until(() -> sessions(watch) == 0);
                }
                transcript.execute(connection, "SELECT 'too late'");
                transcript.note("closed " + connection.isClosed());
            }
        });
    }

    private static int sessions(Statement watch) throws SQLException {
        try (ResultSet row = watch.executeQuery("SELECT count(*) FROM pg_stat_activity WHERE datname = '"
                + Differential.DATABASE + "' AND state LIKE 'idle in transaction%'")) {
            row.next();
            return row.getInt(1);
        }
    }

    @Test
    void transactionsInEachOthersWay() throws Exception {
        differential.compare(Ground.STILL, (endpoint, transcript) -> {
            try (Connection first = endpoint.connect();
                    Connection second = endpoint.connect()) {
                transcript.execute(first, "CREATE TABLE item (id int PRIMARY KEY, n int)");
                transcript.execute(first, "INSERT INTO item VALUES (1, 1), (2, 2)");
                first.setAutoCommit(false);
                second.setAutoCommit(false);
                first.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
                second.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
                transcript.execute(first, "SELECT sum(n) FROM item");
                transcript.execute(second, "SELECT sum(n) FROM item");
                transcript.execute(first, "INSERT INTO item VALUES (3, 3)");
                transcript.execute(second, "INSERT INTO item VALUES (4, 4)");
                transcript.attempt("commit of the first", first::commit);
                transcript.attempt("commit of the second", second::commit);
                transcript.attempt("rollback", second::rollback);
                transcript.execute(first, "UPDATE item SET n = 0 WHERE id = 1");
                transcript.execute(second, "SELECT * FROM item WHERE id = 1 FOR UPDATE NOWAIT");
                transcript.attempt("rollback", second::rollback);
                transcript.execute(second, "SET LOCAL lock_timeout = '30ms'");
                transcript.execute(second, "UPDATE item SET n = 0");
                transcript.attempt("rollback", second::rollback);
                transcript.attempt("commit", first::commit);
            }
        });
    }
}
