package dev.tdb.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tdb.local.PostgresServer;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The demonstration: pgbench goes on while its route is flipped and its tenant suspended, and notices nothing. */
final class PgbenchIT {
    private static final int SECONDS = Integer.getInteger("tdb.pgbench.seconds", 5);
    private static final int CLIENTS = 8;
    private static final int FLIPS_MIN = 2;
    private static final int ACCOUNTS = 100_000;
    private static final Duration REST = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String TENANT = "bench";
    private static final String ADDRESS = "127.0.0.1";
    private static final String OTHER_ADDRESS = "localhost";
    private static final Pattern PROCESSED = Pattern.compile("transactions actually processed: (\\d+)");
    private static final List<String> TABLES = List.of(
            "CREATE TABLE pgbench_branches (bid int PRIMARY KEY, bbalance int, filler char(88))",
            "CREATE TABLE pgbench_tellers (tid int PRIMARY KEY, bid int, tbalance int, filler char(84))",
            "CREATE TABLE pgbench_accounts (aid int PRIMARY KEY, bid int, abalance int, filler char(84))",
            "CREATE TABLE pgbench_history (tid int, bid int, aid int, delta int, mtime timestamp, filler char(22))",
            "INSERT INTO pgbench_branches VALUES (1, 0)",
            "INSERT INTO pgbench_tellers SELECT n, 1, 0 FROM generate_series(1, 10) n",
            "INSERT INTO pgbench_accounts SELECT n, 1, 0, '' FROM generate_series(1, " + ACCOUNTS + ") n");

    @TempDir
    static Path directory;

    private static Path pgbench;
    private static PostgresServer server;
    private static Installation installation;
    private static OperatorApi api;
    private static Endpoint endpoint;
    private int flips;

    @BeforeAll
    static void start() throws Exception {
        Optional<Path> found = Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .map(folder -> Path.of(folder, "pgbench"))
                .filter(Files::isExecutable)
                .findFirst();
        assumeTrue(found.isPresent(), "pgbench is not on the PATH (it comes with PostgreSQL's own packages)");
        pgbench = found.get();
        server = TestServers.postgres(directory.resolve("server")).start();
        installation = Installation.start(directory.resolve("state"), TABLES);
        installation.host("one", ADDRESS, server);
        api = OperatorApi.of(installation);
        endpoint = installation.tenant(TENANT);
    }

    @AfterAll
    static void stop() {
        if (installation != null) {
            installation.close();
        }
        if (server != null) {
            server.close();
        }
    }

    @AfterEach
    void theMoneyIsAllThere() throws Exception {
        try (java.sql.Connection connection = server.connect(endpoint.database());
                java.sql.Statement statement = connection.createStatement();
                java.sql.ResultSet row = statement.executeQuery(
                        "SELECT (SELECT sum(abalance) FROM pgbench_accounts) = (SELECT sum(delta) FROM"
                                + " pgbench_history), (SELECT sum(bbalance) FROM pgbench_branches) = (SELECT sum(delta)"
                                + " FROM pgbench_history)")) {
            row.next();
            assertThat(row.getBoolean(1)).isTrue();
            assertThat(row.getBoolean(2)).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"simple", "extended", "prepared"})
    void noTransactionFailsWhileTheRouteFlips(String mode) throws Exception {
        Path output = directory.resolve(mode);
        Process process = run(mode, output);
        try {
            awaitWork();
            while (process.isAlive()) {
                flip();
            }

            assertWell(process, output);
            assertThat(flips).isGreaterThanOrEqualTo(FLIPS_MIN);
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void noTransactionFailsWhileTheTenantRestsForTwoSeconds() throws Exception {
        Path output = directory.resolve("rest");
        Process process = run("prepared", output);
        try {
            awaitWork();
            JsonNode suspended = api.call(
                    200, "POST", "/tenants/" + TENANT + "/suspend", Map.of("patience", "30s", "wait", "drained"));
            assertThat(suspended.path("drained").asBoolean())
                    .as(suspended.toString())
                    .isTrue();
            await("all clients wait").atMost(PATIENCE).during(REST).until(() -> states().equals(waiting()));
            flip();
            JsonNode resumed = api.call(200, "POST", "/tenants/" + TENANT + "/resume", Map.of());

            assertThat(resumed.path("status").asString()).isEqualTo("ready");
            assertWell(process, output);
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void whoseTenantIsDeletedIsToldSoAndComesBackWithIt() throws Exception {
        Path output = directory.resolve("deleted");
        Process process = run("prepared", output);
        try {
            awaitWork();
            api.call(200, "DELETE", "/tenants/" + TENANT, Map.of());

            assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .as("no client hangs")
                    .isTrue();
            assertThat(process.exitValue()).isNotZero();
            assertThat(Files.readString(output)).contains("aborted").contains("was deleted");
        } finally {
            process.destroyForcibly();
        }
        api.call(200, "POST", "/tenants/" + TENANT + "/restore", Map.of());
        Path again = directory.resolve("restored");
        Process restored = run("prepared", again);
        try {
            assertWell(restored, again);
        } finally {
            restored.destroyForcibly();
        }
    }

    private static Process run(String mode, Path output) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        pgbench.toString(),
                        "-n",
                        "-M",
                        mode,
                        "-c",
                        Integer.toString(CLIENTS),
                        "-j",
                        "2",
                        "-T",
                        Integer.toString(SECONDS),
                        "-h",
                        endpoint.host(),
                        "-p",
                        Integer.toString(endpoint.port()),
                        "-U",
                        endpoint.user(),
                        endpoint.database())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment()
                .putAll(Map.of("PGPASSWORD", endpoint.password(), "PGSSLMODE", "disable", "PGGSSENCMODE", "disable"));
        return builder.start();
    }

    /** Until all of its clients are there. */
    private static void awaitWork() {
        await().atMost(PATIENCE).until(() -> states().size() >= CLIENTS);
    }

    private static List<String> states() throws IOException, InterruptedException {
        return api.get("/sessions?database=" + endpoint.database())
                .path("sessions")
                .valueStream()
                .map(session -> session.path("state").asString())
                .toList();
    }

    private static List<String> waiting() {
        return java.util.Collections.nCopies(CLIENTS, "held");
    }

    /** To the address that the route does not lead to. */
    private void flip() throws IOException, InterruptedException {
        String now = api.get("/routes/" + endpoint.database()).at("/route/host").asString();
        JsonNode reply = api.flip(
                200,
                endpoint.database(),
                now.equals(ADDRESS) ? OTHER_ADDRESS : ADDRESS,
                server.port(),
                Map.of("drain_timeout", "10s"));
        flips++;
        assertThat(reply.path("closed").asInt(-1)).as(reply.toString()).isZero();
    }

    private void assertWell(Process process, Path output) throws Exception {
        assertThat(process.waitFor(SECONDS + PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .isTrue();
        String said = Files.readString(output);
        assertThat(process.exitValue()).as(said).isZero();
        assertThat(said)
                .contains("number of failed transactions: 0 (0.000%)")
                .doesNotContain("aborted")
                .doesNotContain("error");
        Matcher processed = PROCESSED.matcher(said);
        assertThat(processed.find()).as(said).isTrue();
        assertThat(Long.parseLong(processed.group(1))).as(said).isGreaterThan(CLIENTS);
        System.out.println(output.getFileName() + ": " + processed.group(1) + " transactions, " + flips + " flips");
    }
}
