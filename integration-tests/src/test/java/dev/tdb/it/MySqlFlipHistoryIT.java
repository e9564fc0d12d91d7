package dev.tdb.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tdb.app.config.ServeConfig;
import dev.tdb.control.cutover.FlipRequest.OnDeadline;
import dev.tdb.control.cutover.FlipResult;
import dev.tdb.local.MySqlServer;
import dev.tdb.proxy.route.Engine;
import dev.tdb.proxy.route.ServerAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** As {@link FlipHistoryIT}, with MariaDB: what every SQL has, and the state that its sessions build up. */
final class MySqlFlipHistoryIT {
    private static final int FLIPS = Integer.getInteger("tdb.history.mysql-flips", 80);
    private static final int TURNS_BETWEEN = 20;
    private static final Duration DRAIN = Duration.ofSeconds(10);

    @Test
    void nothingIsLostDoubledOrReorderedWhileTheRouteFlipsBackAndForth(@TempDir Path directory) throws Exception {
        try (MySqlServer server =
                        TestServers.mariaDb(directory.resolve("server")).start();
                Installation installation = Installation.start(
                        directory.resolve("state"), Engine.MYSQL, ServeConfig.MYSQL_VERSION, Ledger.MYSQL_TABLES)) {
            installation.host("one", "127.0.0.1", server);
            Endpoint endpoint = installation.tenant("flips");
            installation.host("two", "localhost", server);
            List<ServerAddress> addresses = List.of(
                    new ServerAddress("127.0.0.1", server.port()), new ServerAddress("localhost", server.port()));
            try (HistoryRun run = HistoryRun.startMySql(endpoint)) {
                for (int flip = 1; flip <= FLIPS; flip++) {
                    run.work(TURNS_BETWEEN);
                    ServerAddress to = addresses.get(flip % 2);
                    if (flip % 40 == 20) {
                        closeTheUnmovable(installation, run, to);
                    } else {
                        FlipResult result = installation.flip("flips", to, DRAIN, OnDeadline.ABORT);
                        run.noted(result);
                        assertThat(result.sameServer()).isTrue();
                        assertThat(result.closedByReason()).isEmpty();
                        assertThat(result.moved()).as(result.toString()).isEqualTo(result.sessions());
                    }
                    assertThat(installation.server("flips")).isEqualTo(to);
                }
                run.work(TURNS_BETWEEN);

                run.judge("flips of MariaDB between two addresses", server.connect(Installation.database("flips")));
            }
        }
    }

    private static void closeTheUnmovable(Installation installation, HistoryRun run, ServerAddress to)
            throws Exception {
        try (Straggler table = run.straggler(Straggler.with(run.fleet(), "CREATE TEMPORARY TABLE own (id int)"));
                Straggler lock = run.straggler(Straggler.with(run.fleet(), "SELECT GET_LOCK('own', 0)"))) {
            FlipResult result = installation.flip("flips", to, DRAIN, OnDeadline.ABORT);
            run.noted(result);

            assertThat(result.closedByReason().values())
                    .as(result.closedByReason().toString())
                    .containsExactlyInAnyOrder(1, 1);
            table.expectTerminated();
            lock.expectTerminated();
        }
    }
}
