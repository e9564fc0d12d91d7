package dev.tdb.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tdb.control.cutover.FlipRequest.OnDeadline;
import dev.tdb.control.cutover.FlipResult;
import dev.tdb.local.PostgresServer;
import dev.tdb.proxy.route.ServerAddress;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Sessions at work while their tenant moves from a primary to its promoted standby, again and again: suspend, promote,
 * flip, resume; then the next standby is made from the new primary.
 */
final class PromotionHistoryIT {
    private static final int PROMOTIONS = Integer.getInteger("tdb.history.promotions", 5);
    private static final int MORE_SESSIONS = Integer.getInteger("tdb.history.sessions", 0);
    private static final int TURNS_BETWEEN = 300;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String TENANT = "promotions";

    @Test
    void nothingIsLostDoubledOrReorderedWhileStandbysArePromoted(@TempDir Path directory) throws Exception {
        PostgresServer primary = TestServers.postgres(directory.resolve("server-0"))
                .setting("wal_level", "replica")
                .start();
        try (Installation installation = Installation.start(directory.resolve("state"), Ledger.TABLES)) {
            installation.host("server-0", primary.host(), primary);
            try (HistoryRun run = HistoryRun.start(installation.tenant(TENANT), MORE_SESSIONS)) {
                for (int promotion = 1; promotion <= PROMOTIONS; promotion++) {
                    String name = "server-" + promotion;
                    PostgresServer standby = PostgresServer.standbyOf(primary, directory.resolve(name))
                            .start();
                    run.work(TURNS_BETWEEN);
                    promote(installation, run, name, primary, standby);
                    run.work(TURNS_BETWEEN);
                    primary.close();
                    primary = standby;
                }

                run.judge(PROMOTIONS + " promotions", primary, Installation.database(TENANT));
                run.judgeNotifications();
            }
        } finally {
            primary.close();
        }
    }

    private static void promote(
            Installation installation, HistoryRun run, String name, PostgresServer primary, PostgresServer standby)
            throws SQLException {
        assertThat(installation.suspend(TENANT, PATIENCE).drained()).isTrue();
        String written = ask(primary, "SELECT pg_current_wal_flush_lsn()");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(ask(standby, "SELECT pg_last_wal_replay_lsn() >= '" + written + "'"))
                        .isEqualTo("t"));
        standby.promote();
        installation.host(name, standby.host(), standby);

        FlipResult result = installation.flip(
                TENANT, new ServerAddress(standby.host(), standby.port()), Duration.ofSeconds(10), OnDeadline.ABORT);
        installation.resume(TENANT);

        run.noted(result);
        assertThat(result.sameServer()).isFalse();
        assertThat(result.closedByReason()).isEmpty();
        assertThat(result.warnings()).isEmpty();
    }

    private static String ask(PostgresServer server, String sql) throws SQLException {
        try (Connection connection = server.connect("postgres");
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }
}
