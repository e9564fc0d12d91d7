package dev.tdb.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;
import static org.awaitility.Awaitility.await;

import dev.tdb.control.ControlException;
import dev.tdb.control.cutover.FlipRequest.OnDeadline;
import dev.tdb.control.cutover.FlipResult;
import dev.tdb.local.PostgresServer;
import dev.tdb.proxy.route.ServerAddress;
import dev.tdb.testkit.contract.Reply;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The server is killed under sessions at work: each is told so by one error and ends, what was acknowledged is there,
 * nothing is there twice, and new sessions work as soon as there is a server again.
 */
final class ServerDeathHistoryIT {
    private static final int DEATHS = Integer.getInteger("tdb.history.deaths", 3);
    private static final int TURNS_BETWEEN = 200;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration REFUSED_WITHIN = Duration.ofSeconds(5);
    private static final String LOST = "08006";

    /** What a backend says itself that outlives its postmaster by a moment. */
    private static final String LAST_WORD = "57P01";

    private static final String ENDLESS = "SELECT repeat('x', 100000), generate_series(1, 100000000)";

    @Test
    void aServerThatIsKilledAndComesBackLosesAndDoublesNothing(@TempDir Path directory) throws Exception {
        String tenant = "deaths";
        try (PostgresServer server =
                        TestServers.postgres(directory.resolve("server")).start();
                Installation installation = Installation.start(directory.resolve("state"), Ledger.TABLES)) {
            installation.host("one", server.host(), server);
            Endpoint endpoint = installation.tenant(tenant);
            try (WireTap tap = new WireTap(endpoint.host(), endpoint.port());
                    HistoryRun run = HistoryRun.start(endpoint.at(tap.address()), 0)) {
                int lost = 0;
                for (int death = 1; death <= DEATHS; death++) {
                    run.work(TURNS_BETWEEN);
                    lost += kill(run, server, endpoint);
                    assertRefusedSoon(endpoint);
                    server.restart();
                    run.rejoin();
                }
                run.work(TURNS_BETWEEN);

                run.judge(DEATHS + " deaths of the server", server, Installation.database(tenant));
                assertThat(tap.conversations().stream()
                                .map(ServerDeathHistoryIT::errors)
                                .filter(errors -> !errors.isEmpty()))
                        .as("what those were told who were told of an error")
                        .hasSize(lost)
                        .allSatisfy(errors ->
                                assertThat(errors).singleElement(STRING).containsAnyOf("C" + LOST, "C" + LAST_WORD));
            }
        }
    }

    @Test
    void aPromotedStandbyTakesOverFromAServerThatIsGoneForGood(@TempDir Path directory) throws Exception {
        String tenant = "failover";
        PostgresServer primary = TestServers.postgres(directory.resolve("server-0"))
                .setting("wal_level", "replica")
                .start();
        try (Installation installation = Installation.start(directory.resolve("state"), Ledger.TABLES)) {
            installation.host("server-0", primary.host(), primary);
            Endpoint endpoint = installation.tenant(tenant);
            try (HistoryRun run = HistoryRun.start(endpoint, 0)) {
                PostgresServer standby = followed(primary, directory.resolve("server-1"));
                run.work(TURNS_BETWEEN);
                kill(run, primary, endpoint);
                takeOver(installation, tenant, "server-1", standby);
                primary = standby;
                run.rejoin();
                run.work(TURNS_BETWEEN);

                // Who is held when the server dies does not notice.
                standby = followed(primary, directory.resolve("server-2"));
                assertThat(installation.suspend(tenant, PATIENCE).drained()).isTrue();
                primary.kill();
                FlipResult result = takeOver(installation, tenant, "server-2", standby);
                primary = standby;
                installation.resume(tenant);
                run.work(TURNS_BETWEEN);

                assertThat(result.closedByReason()).isEmpty();
                run.judge("two primaries that died", primary, Installation.database(tenant));
            }
        } finally {
            primary.close();
        }
    }

    /**
     * The server dies with sessions in every state; all of them are told, and a reply that was under way is cut off.
     *
     * @return how many sessions of the run were lost
     */
    private static int kill(HistoryRun run, PostgresServer server, Endpoint endpoint) throws Exception {
        try (PostgresRawClient reading = PostgresRawClient.login(endpoint)) {
            CompletableFuture<Void> begun = new CompletableFuture<>();
            CompletableFuture<Reply> reply = new CompletableFuture<>();
            reading.send(PostgresMessages.query(ENDLESS));
            Thread.ofVirtual().name("reading").start(() -> {
                try {
                    reply.complete(reading.receive((_, length, body) -> {
                        body.skipNBytes(length);
                        begun.complete(null);
                    }));
                } catch (IOException | RuntimeException | AssertionError e) {
                    begun.completeExceptionally(e);
                    reply.completeExceptionally(e);
                }
            });
            begun.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);

            Map<Integer, String> told = run.lose(server::kill);

            assertThat(told.values()).isNotEmpty().isSubsetOf(LOST, LAST_WORD);
            Reply last = reply.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            if (last instanceof Reply.Failed failed) {
                assertThat(failed.code()).isIn(LOST, LAST_WORD);
                assertThat(failed.last()).isTrue();
            } else {
                // In the middle of a message nothing can be said.
                assertThat(last).isInstanceOf(Reply.Gone.class);
            }
            return told.size();
        }
    }

    private static void assertRefusedSoon(Endpoint endpoint) {
        long began = System.nanoTime();
        assertThatThrownBy(endpoint::connect)
                .isInstanceOfSatisfying(
                        SQLException.class,
                        refused -> assertThat(refused.getSQLState())
                                .as(refused.getMessage())
                                .isEqualTo(LOST));
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(REFUSED_WITHIN);
    }

    private static List<String> errors(List<String> heard) {
        return heard.stream().filter(said -> said.startsWith("E ")).toList();
    }

    /** A standby without which the primary acknowledges nothing from now on. */
    private static PostgresServer followed(PostgresServer primary, Path directory) throws SQLException {
        PostgresServer standby = PostgresServer.standbyOf(primary, directory).start();
        execute(primary, "ALTER SYSTEM SET synchronous_standby_names = '*'");
        execute(primary, "SELECT pg_reload_conf()");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(ask(primary, "SELECT sync_state FROM pg_stat_replication"))
                        .isEqualTo("sync"));
        return standby;
    }

    private static FlipResult takeOver(Installation installation, String tenant, String name, PostgresServer standby) {
        standby.promote();
        installation.host(name, standby.host(), standby);
        ServerAddress to = new ServerAddress(standby.host(), standby.port());
        assertThatThrownBy(() -> installation.flip(tenant, to, Duration.ofSeconds(10), OnDeadline.ABORT))
                .isInstanceOf(ControlException.class)
                .hasMessageContaining("cannot be fenced")
                .hasMessageContaining("use force");

        FlipResult result = installation.force(tenant, to);

        assertThat(result.warnings()).anySatisfy(warning -> assertThat(warning).contains("cannot be fenced"));
        assertThat(installation.server(tenant)).isEqualTo(to);
        return result;
    }

    private static void execute(PostgresServer server, String sql) throws SQLException {
        try (Connection connection = server.connect("postgres");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String ask(PostgresServer server, String sql) throws SQLException {
        try (Connection connection = server.connect("postgres");
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? row.getString(1) : "";
        }
    }
}
