package dev.tdb.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresStandbyTest {
    private static final String COUNT = "SELECT count(*) FROM kept";

    /** Of all tests, which run one after the other; the primary is one and the same, the standbys are not. */
    @TempDir
    static Path folder;

    @Test
    void aStandbyFollowsIsPromotedAndCanBeFollowedItself() throws SQLException {
        try (PostgresServer primary = Programs.server(folder.resolve("primary")).start()) {
            Sql.execute(primary, "CREATE TABLE kept AS SELECT generate_series(1, 10000) AS n");
            try (PostgresServer standby =
                    PostgresServer.standbyOf(primary, folder.resolve("standby")).start()) {
                assertThat(standby.systemIdentifier()).isEqualTo(primary.systemIdentifier());
                assertThat(standby.superuser()).isEqualTo(primary.superuser());
                Sql.execute(primary, "INSERT INTO kept VALUES (10001)");
                awaitValue(standby, COUNT, "10001");
                assertThatThrownBy(() -> Sql.execute(standby, "INSERT INTO kept VALUES (0)"))
                        .hasMessageContaining("read-only");

                standby.restart();
                Sql.execute(primary, "INSERT INTO kept VALUES (10002)");
                awaitValue(standby, COUNT, "10002");
                primary.kill();
                standby.promote();

                Sql.execute(standby, "INSERT INTO kept VALUES (10003)");
                try (PostgresServer second = PostgresServer.standbyOf(standby, folder.resolve("second"))
                        .start()) {
                    awaitValue(second, COUNT, "10003");
                }
            }
        }
    }

    @Test
    void aPrimaryCanBeCopiedWhileItIsWrittenTo() throws Exception {
        try (PostgresServer primary = Programs.server(folder.resolve("primary")).start()) {
            Sql.execute(primary, "CREATE TABLE written (n int)");
            Thread writer = Thread.ofPlatform().start(() -> {
                try (var connection = primary.connect("postgres");
                        var insert = connection.createStatement()) {
                    while (!Thread.currentThread().isInterrupted()) {
                        insert.execute("INSERT INTO written SELECT generate_series(1, 10)");
                    }
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            });
            try (PostgresServer standby =
                    PostgresServer.standbyOf(primary, folder.resolve("copy")).start()) {
                writer.interrupt();
                writer.join();
                String count = "SELECT count(*) FROM written";

                awaitValue(standby, count, Sql.value(primary, count));
            }
        }
    }

    @Test
    void whatIsNoStandbyCannotBePromoted() {
        try (PostgresServer primary = Programs.server(folder.resolve("primary")).start()) {
            assertThatThrownBy(primary::promote)
                    .isInstanceOf(LocalServerException.class)
                    .hasStackTraceContaining("recovery is not in progress");
        }
    }

    private static void awaitValue(PostgresServer server, String sql, String expected) {
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(20))
                .untilAsserted(() -> assertThat(Sql.value(server, sql)).isEqualTo(expected));
    }
}
