package dev.tdb.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tdb.control.ControlException;
import dev.tdb.control.cutover.FlipRequest.OnDeadline;
import dev.tdb.control.cutover.FlipResult;
import dev.tdb.local.PostgresServer;
import dev.tdb.proxy.route.ServerAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Sessions at work while their tenant's route is flipped between two addresses of one server: nothing is lost, doubled
 * or reordered, and nobody sees an error but those who must.
 */
final class FlipHistoryIT {
    private static final int FLIPS = Integer.getInteger("tdb.history.flips", 200);
    private static final int MORE_SESSIONS = Integer.getInteger("tdb.history.sessions", 0);
    private static final int TURNS_BETWEEN = 20;
    private static final Duration DRAIN = Duration.ofSeconds(10);
    private static final Duration DRAIN_SHORT = Duration.ofSeconds(2);

    private static PostgresServer server;
    private static Installation installation;

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        server = TestServers.postgres(directory.resolve("server")).start();
        installation = Installation.start(directory.resolve("state"), Ledger.TABLES);
        installation.host("one", "127.0.0.1", server);
    }

    @AfterAll
    static void stop() {
        installation.close();
        server.close();
    }

    private static List<ServerAddress> addresses() {
        return List.of(new ServerAddress("127.0.0.1", server.port()), new ServerAddress("localhost", server.port()));
    }

    @Test
    void nothingIsLostDoubledOrReorderedWhileTheRouteFlipsBackAndForth() throws Exception {
        Endpoint endpoint = installation.tenant("flips");
        installation.host("two", "localhost", server);
        try (HistoryRun run = HistoryRun.start(endpoint, MORE_SESSIONS)) {
            for (int flip = 1; flip <= FLIPS; flip++) {
                run.work(TURNS_BETWEEN);
                ServerAddress to = addresses().get(flip % 2);
                switch (flip % 40) {
                    case 10 -> killAStraggler(run, to);
                    case 20 -> giveUpForAStraggler(run, to);
                    case 30 -> closeTheUnmovable(run, to);
                    default -> plain(run, to);
                }
            }
            run.work(TURNS_BETWEEN);

            run.judge("flips between two addresses", server, Installation.database("flips"));
            run.judgeNotifications();
        }
    }

    private static void plain(HistoryRun run, ServerAddress to) {
        FlipResult result = installation.flip("flips", to, DRAIN, OnDeadline.ABORT);
        run.noted(result);
        assertThat(result.sameServer()).isTrue();
        assertThat(result.closedByReason()).isEmpty();
        assertThat(result.moved()).as(result.toString()).isEqualTo(result.sessions());
        assertThat(installation.server("flips")).isEqualTo(to);
    }

    private static void killAStraggler(HistoryRun run, ServerAddress to) throws Exception {
        try (Straggler straggler = run.straggler(Straggler.inTransaction(run.fleet()))) {
            run.noted(installation.flip("flips", to, DRAIN_SHORT, OnDeadline.KILL));

            straggler.expectTerminated();
        }
    }

    private static void giveUpForAStraggler(HistoryRun run, ServerAddress to) throws Exception {
        try (Straggler straggler = Straggler.inTransaction(run.fleet())) {
            assertThatThrownBy(() -> installation.flip("flips", to, DRAIN_SHORT, OnDeadline.ABORT))
                    .isInstanceOf(ControlException.class)
                    .hasMessageContaining("in flight");

            straggler.expectCommit();
        }
        plain(run, to);
    }

    private static void closeTheUnmovable(HistoryRun run, ServerAddress to) throws Exception {
        try (Straggler table = run.straggler(Straggler.with(run.fleet(), "CREATE TEMPORARY TABLE own (id int)"));
                Straggler lock = run.straggler(Straggler.with(run.fleet(), "SELECT pg_advisory_lock(42)"));
                Straggler cursor = run.straggler(
                        Straggler.with(run.fleet(), "BEGIN", "DECLARE own CURSOR WITH HOLD FOR SELECT 1", "COMMIT"))) {
            FlipResult before = installation.tryFlip("flips", to);
            FlipResult result = installation.flip("flips", to, DRAIN, OnDeadline.ABORT);
            run.noted(result);

            assertThat(result.closedByReason().values())
                    .as(result.closedByReason().toString())
                    .containsExactlyInAnyOrder(1, 1, 1);
            assertThat(before.closedByReason()).as("foretold").isEqualTo(result.closedByReason());
            table.expectTerminated();
            lock.expectTerminated();
            cursor.expectTerminated();
        }
    }
}
