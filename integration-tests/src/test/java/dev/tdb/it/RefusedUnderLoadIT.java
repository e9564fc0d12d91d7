package dev.tdb.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tdb.local.PostgresServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sessions at work while their tenant is suspended, put in the trash and taken back: each is told so, and none hangs. */
final class RefusedUnderLoadIT {
    private static final int SESSIONS = 20;
    private static final int ROUNDS = Integer.getInteger("tdb.load.rounds", 5);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String SERVED = "00000";
    private static final String SUSPENDED = "55P03";
    private static final String DELETED = "3D000";

    private static PostgresServer server;
    private static Installation installation;
    private static OperatorApi api;

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        server = TestServers.postgres(directory.resolve("server")).start();
        installation = Installation.start(directory.resolve("state"), List.of("CREATE TABLE items (name text)"));
        installation.host("one", "127.0.0.1", server);
        api = OperatorApi.of(installation);
    }

    @AfterAll
    static void stop() {
        installation.close();
        server.close();
    }

    @Test
    void aSuspensionCostsNoConnectionAndADeletionOneForEachSession() throws Exception {
        Endpoint door = installation.tenant("refused");
        try (Crew crew = new Crew(door)) {
            crew.awaitAll(SERVED);
            for (int round = 0; round < ROUNDS; round++) {
                api.call(200, "POST", "/tenants/refused/suspend", Map.of("patience", "0s", "wait", "drained"));
                crew.awaitAll(SUSPENDED);
                api.call(200, "POST", "/tenants/refused/resume", Map.of());
                crew.awaitAll(SERVED);
                api.call(200, "DELETE", "/tenants/refused", Map.of());
                crew.awaitAll(DELETED);
                api.call(200, "POST", "/tenants/refused/restore", Map.of());
                crew.awaitAll(SERVED);
            }
            crew.stop();

            assertThat(crew.otherStates()).isEmpty();
            assertThat(crew.connections()).isEqualTo(SESSIONS * (1 + ROUNDS));
            assertThat(rows(door)).isEqualTo(crew.inserted());
        }
    }

    @Test
    void sessionsThatWaitGoOnWhenTheTenantDoes() throws Exception {
        Endpoint door = installation.tenant("waiting");
        try (Crew crew = new Crew(door)) {
            for (int round = 0; round < ROUNDS; round++) {
                crew.awaitAll(SERVED);
                api.call(200, "POST", "/tenants/waiting/suspend", Map.of("patience", "60s", "wait", "drained"));
                await().atMost(PATIENCE)
                        .until(() -> api.call(200, "PUT", "/routes/it__waiting", dryRun())
                                        .path("held")
                                        .asInt()
                                == SESSIONS);
                api.call(200, "POST", "/tenants/waiting/resume", Map.of());
            }
            crew.awaitAll(SERVED);
            crew.stop();

            assertThat(crew.otherStates()).isEmpty();
            assertThat(crew.refusals()).isZero();
            assertThat(rows(door)).isEqualTo(crew.inserted());
        }
    }

    /** A flip that only looks: it says how many sessions wait. */
    private static Map<String, Object> dryRun() {
        return Map.of("host", "localhost", "port", server.port(), "dry_run", true);
    }

    private static int rows(Endpoint door) throws SQLException {
        try (Connection connection = door.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*)::int FROM items")) {
            row.next();
            return row.getInt(1);
        }
    }

    /** Sessions that insert one row after the other, and remember what they were told. */
    private static final class Crew implements AutoCloseable {
        private final List<Worker> workers = new ArrayList<>();
        private final List<Thread> threads = new ArrayList<>();

        Crew(Endpoint door) {
            for (int i = 0; i < SESSIONS; i++) {
                Worker worker = new Worker(door);
                workers.add(worker);
                threads.add(Thread.ofVirtual().start(worker));
            }
        }

        /** Until each has been told {@code state} by something that it asked after now. */
        void awaitAll(String state) {
            List<Integer> marks =
                    workers.stream().map(worker -> worker.turns.get()).toList();
            await().atMost(PATIENCE).untilAsserted(() -> {
                for (int i = 0; i < SESSIONS; i++) {
                    Worker worker = workers.get(i);
                    assertThat(worker.turns.get()).as("turns of session " + i).isGreaterThan(marks.get(i) + 1);
                    assertThat(worker.last)
                            .as("what session " + i + " was told")
                            .isEqualTo(state);
                }
            });
        }

        void stop() throws InterruptedException {
            close();
            for (Thread thread : threads) {
                assertThat(thread.join(PATIENCE)).isTrue();
            }
        }

        List<String> otherStates() {
            return workers.stream().flatMap(worker -> worker.others.stream()).toList();
        }

        int connections() {
            return workers.stream().mapToInt(worker -> worker.connections).sum();
        }

        int inserted() {
            return workers.stream().mapToInt(worker -> worker.inserted).sum();
        }

        int refusals() {
            return workers.stream().mapToInt(worker -> worker.refusals).sum();
        }

        @Override
        public void close() {
            workers.forEach(worker -> worker.stopping = true);
        }
    }

    /** One session. Its counts are written by its own thread, and read by others once that has ended. */
    private static final class Worker implements Runnable {
        private final Endpoint door;
        private final List<String> others = new ArrayList<>();
        private int connections;
        private int inserted;
        private int refusals;
        private final AtomicInteger turns = new AtomicInteger();
        private volatile String last = "";
        private volatile boolean stopping;

        Worker(Endpoint door) {
            this.door = door;
        }

        @Override
        public void run() {
            while (!stopping) {
                try (Connection connection = door.connect("socketTimeout", "90")) {
                    connections++;
                    work(connection);
                } catch (SQLException e) {
                    told(e);
                }
            }
        }

        private void work(Connection connection) throws SQLException {
            while (!stopping && !connection.isClosed()) {
                try (Statement statement = connection.createStatement()) {
                    statement.execute("INSERT INTO items VALUES ('x')");
                    inserted++;
                    turn(SERVED);
                } catch (SQLException e) {
                    told(e);
                }
            }
        }

        private void told(SQLException e) {
            String state = String.valueOf(e.getSQLState());
            if (state.equals(SUSPENDED) || state.equals(DELETED)) {
                refusals++;
            } else {
                others.add(state + " " + e.getMessage());
            }
            turn(state);
        }

        private void turn(String state) {
            last = state;
            turns.incrementAndGet();
        }
    }
}
