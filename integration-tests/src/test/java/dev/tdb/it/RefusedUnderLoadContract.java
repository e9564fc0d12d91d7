package dev.tdb.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Sessions at work while their tenant is suspended, put in the trash and taken back: each is told so, and none hangs. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class RefusedUnderLoadContract {
    private static final int SESSIONS = 20;
    private static final int ROUNDS = Integer.getInteger("tdb.load.rounds", 5);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String SERVED = "no error";

    private Installation installation;
    private OperatorApi api;

    /** With the server that its tenants are on; {@code items} is a table of names. */
    abstract Installation install(Path directory) throws Exception;

    abstract int serverPort();

    abstract void stopServer();

    /** What the engine calls the refusal of a unit while a tenant is suspended. */
    abstract String suspended();

    /** ... and of everything, when it is in the trash. */
    abstract String deleted();

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        installation = install(directory);
        api = OperatorApi.of(installation);
    }

    @AfterAll
    void stop() {
        if (installation != null) {
            installation.close();
            stopServer();
        }
    }

    @Test
    void aSuspensionCostsNoConnectionAndADeletionOneForEachSession() throws Exception {
        Endpoint door = installation.tenant("refused");
        try (Crew crew = new Crew(door, suspended(), deleted())) {
            crew.awaitAll(SERVED);
            for (int round = 0; round < ROUNDS; round++) {
                api.call(200, "POST", "/tenants/refused/suspend", Map.of("patience", "0s", "wait", "drained"));
                crew.awaitAll(suspended());
                api.call(200, "POST", "/tenants/refused/resume", Map.of());
                crew.awaitAll(SERVED);
                api.call(200, "DELETE", "/tenants/refused", Map.of());
                crew.awaitAll(deleted());
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
        try (Crew crew = new Crew(door, suspended(), deleted())) {
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
    private Map<String, Object> dryRun() {
        return Map.of("host", "localhost", "port", serverPort(), "dry_run", true);
    }

    private static int rows(Endpoint door) throws SQLException {
        try (Connection connection = door.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM items")) {
            row.next();
            return row.getInt(1);
        }
    }

    /** Sessions that insert one row after the other, and remember what they were told. */
    private static final class Crew implements AutoCloseable {
        private final List<Worker> workers = new ArrayList<>();
        private final List<Thread> threads = new ArrayList<>();

        Crew(Endpoint door, String suspended, String deleted) {
            for (int i = 0; i < SESSIONS; i++) {
                Worker worker = new Worker(door, suspended, deleted);
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
        private final String suspended;
        private final String deleted;
        private final List<String> others = new ArrayList<>();
        private int connections;
        private int inserted;
        private int refusals;
        private final AtomicInteger turns = new AtomicInteger();
        private volatile String last = "";
        private volatile boolean stopping;

        Worker(Endpoint door, String suspended, String deleted) {
            this.door = door;
            this.suspended = suspended;
            this.deleted = deleted;
        }

        @Override
        public void run() {
            while (!stopping) {
                try (Connection connection = door.connectPatiently()) {
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
                    if (door.code(e).equals(deleted)) {
                        return; // The connection is closed behind it, and not every driver knows.
                    }
                }
            }
        }

        private void told(SQLException e) {
            String code = door.code(e);
            if (code.equals(suspended) || code.equals(deleted)) {
                refusals++;
            } else {
                others.add(code + " " + e.getMessage());
            }
            turn(code);
        }

        private void turn(String state) {
            last = state;
            turns.incrementAndGet();
        }
    }
}
