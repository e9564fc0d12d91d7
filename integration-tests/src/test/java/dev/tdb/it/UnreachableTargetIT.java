package dev.tdb.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tdb.local.PostgresServer;
import dev.tdb.testkit.wire.Hop;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Routes are flipped over HTTP to what cannot hold the tenant, while its application works and must not notice. */
final class UnreachableTargetIT {
    private static final Duration ANSWERED_WITHIN = Duration.ofSeconds(20);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration PAUSE_MAX = Duration.ofSeconds(3);
    private static final String TENANT = "steady";

    private static PostgresServer server;
    private static PostgresServer stranger;
    private static Hop network;
    private static Installation installation;
    private static OperatorApi api;
    private static Endpoint endpoint;

    private Working working;

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        server = TestServers.postgres(directory.resolve("server")).start();
        stranger = TestServers.postgres(directory.resolve("stranger")).start();
        network = new Hop(new InetSocketAddress(server.host(), server.port()));
        installation = Installation.start(directory.resolve("state"), Ledger.TABLES);
        api = OperatorApi.of(installation);
        api.call(
                201,
                "POST",
                "/hosts",
                Map.of(
                        "host_id", "one",
                        "database_type", "PostgreSQL",
                        "host", "127.0.0.1",
                        "port", network.address().getPort(),
                        "tls", "disable",
                        "admin_user", server.superuser().user(),
                        "admin_password", server.superuser().password()));
        endpoint = installation.tenant(TENANT);
    }

    @AfterAll
    static void stop() throws IOException {
        installation.close();
        network.close();
        stranger.close();
        server.close();
    }

    @BeforeEach
    void theApplicationWorks() throws SQLException {
        working = new Working(endpoint.connect("socketTimeout", "60"));
    }

    @AfterEach
    void theApplicationHasNotNoticed() throws Exception {
        network.flow();
        working.end();
    }

    /** One session that asks without a break, and the longest time an answer took. */
    private static final class Working {
        private final Connection connection;
        private final CompletableFuture<Duration> longest = new CompletableFuture<>();
        private volatile boolean ending;

        Working(Connection connection) {
            this.connection = connection;
            Thread.ofVirtual().name("working").start(this::run);
        }

        private void run() {
            long most = 0;
            try (connection;
                    Statement statement = connection.createStatement()) {
                while (!ending) {
                    long began = System.nanoTime();
                    statement.execute("UPDATE counter SET n = n + 1 WHERE name = 'counter-0'");
                    most = Math.max(most, System.nanoTime() - began);
                }
                longest.complete(Duration.ofNanos(most));
            } catch (SQLException | RuntimeException e) {
                longest.completeExceptionally(e);
            }
        }

        Duration end() throws Exception {
            ending = true;
            return longest.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
    }

    /** Refused alike with and without dry_run, soon, with a sentence; and nothing has changed, and nobody was held. */
    private void assertRefused(String host, int port, String... sentence) throws Exception {
        JsonNode before = api.get("/routes/" + endpoint.database()).path("route");
        long began = System.nanoTime();
        CompletableFuture<JsonNode> dry = CompletableFuture.supplyAsync(
                () -> refusal(host, port, Map.of("dry_run", true)),
                task -> Thread.ofVirtual().start(task));
        JsonNode reply = refusal(host, port, Map.of());

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(ANSWERED_WITHIN);
        for (JsonNode one : List.of(reply, dry.get(PATIENCE.toSeconds(), TimeUnit.SECONDS))) {
            System.out.println(one.path("error").asString());
            assertThat(one.path("code").asString()).isEqualTo("conflict");
            assertThat(one.path("error").asString()).contains(host + ":" + port).contains(sentence);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - began))
                .as("the dry run too")
                .isLessThan(ANSWERED_WITHIN);
        assertThat(api.get("/routes/" + endpoint.database()).path("route")).isEqualTo(before);
        JsonNode operation = api.get("/operations/" + reply.path("operation_id").asString());
        assertThat(operation.toString()).contains("aborted").doesNotContain("HOLD");
        assertThat(working.end()).as("the longest pause of the application").isLessThan(PAUSE_MAX);
    }

    private static JsonNode refusal(String host, int port, Map<String, ?> more) {
        try {
            return api.flip(409, endpoint.database(), host, port, more);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aClosedPortIsRefused() throws Exception {
        int port;
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = closed.getLocalPort();
        }

        assertRefused("127.0.0.1", port, "the target cannot be used", "refused");
    }

    @Test
    void aPortThatListensAndNeverAnswersIsRefused() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            assertRefused("127.0.0.1", silent.getLocalPort(), "the target cannot be used", "timed out");
        }
    }

    @Test
    void aPortThatTakesNoConnectionIsRefused() throws Exception {
        List<Socket> crowd = new ArrayList<>();
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            fill(full, crowd);

            assertRefused("127.0.0.1", full.getLocalPort(), "the target cannot be used", "timed out");
        } finally {
            for (Socket one : crowd) {
                one.close();
            }
        }
    }

    /** Until the kernel answers nobody who knocks. */
    private static void fill(ServerSocket full, List<Socket> crowd) throws IOException {
        while (true) {
            Socket one = new Socket();
            crowd.add(one);
            try {
                one.connect(full.getLocalSocketAddress(), 300);
            } catch (SocketTimeoutException e) {
                return;
            }
        }
    }

    @Test
    void aServerOfAnotherKindIsRefused() throws Exception {
        try (ServerSocket web = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().name("web").start(() -> answerAsWebServer(web));

            assertRefused("127.0.0.1", web.getLocalPort(), "the target cannot be used", "rotocol");
        }
    }

    private static void answerAsWebServer(ServerSocket web) {
        while (!web.isClosed()) {
            try (Socket client = web.accept()) {
                client.getInputStream().read();
                client.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            } catch (IOException e) {
                // The client has left, or the test is over.
            }
        }
    }

    @Test
    void aServerThatDoesNotLetTheAdministratorInIsRefused() throws Exception {
        assertRefused("127.0.0.1", stranger.port(), "the target cannot be used", "password authentication failed");
    }

    @Test
    void aServerWithoutTheDatabaseIsRefused() throws Exception {
        api.host("stranger", stranger);
        try {
            assertRefused("127.0.0.1", stranger.port(), "has no database " + endpoint.database());
        } finally {
            api.call(200, "DELETE", "/hosts/stranger", Map.of());
        }
    }

    // ---- the deadline

    @Test
    void whoIsStillAtWorkAtTheDeadlineStopsAFlip() throws Exception {
        try (Connection straggler = inTransaction()) {
            JsonNode reply =
                    api.flip(409, endpoint.database(), "127.0.0.1", server.port(), Map.of("drain_timeout", "300ms"));

            assertThat(reply.path("error").asString())
                    .contains("was not flipped: 1 sessions were still in flight after 300 ms")
                    .contains("on_deadline kill");
            assertThat(reply.path("operation_id").asString()).startsWith("op_");
            assertThat(portNow()).isEqualTo(network.address().getPort());
            straggler.commit();
        }
        assertThat(working.end()).isLessThan(PAUSE_MAX);
    }

    @Test
    void whoIsStillAtWorkAtTheDeadlineIsEndedWhenTheOperatorSaysSo() throws Exception {
        try (Connection straggler = inTransaction()) {
            JsonNode reply = api.flip(
                    200,
                    endpoint.database(),
                    "127.0.0.1",
                    server.port(),
                    Map.of("drain_timeout", "300ms", "on_deadline", "kill"));

            assertThat(reply.path("sessions").asInt()).as(reply.toString()).isEqualTo(2);
            assertThat(reply.path("moved").asInt()).isEqualTo(1);
            assertThat(reply.path("closed").asInt()).isEqualTo(1);
            assertThat(reply.path("closed_by_reason").size()).isEqualTo(1);
            assertThat(reply.path("hold_ms").asDouble()).isGreaterThanOrEqualTo(300);
            assertThat(portNow()).isEqualTo(server.port());
            assertThat(org.assertj.core.api.Assertions.catchThrowableOfType(SQLException.class, straggler::commit)
                            .getSQLState())
                    .isEqualTo("57P01");
        } finally {
            api.flip(200, endpoint.database(), "127.0.0.1", network.address().getPort(), Map.of());
        }
        assertThat(working.end()).isLessThan(PAUSE_MAX);
    }

    private static int portNow() throws IOException, InterruptedException {
        return api.get("/routes/" + endpoint.database()).at("/route/port").asInt();
    }

    private static Connection inTransaction() throws SQLException {
        Connection connection = endpoint.connect("socketTimeout", "60");
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("UPDATE account SET balance = balance WHERE id = 1");
        }
        return connection;
    }

    // ---- a host that does not answer

    @Test
    void aHostThatDoesNotAnswerIsReportedAndItsTenantRestsAndComesBack() throws Exception {
        network.stall();
        long began = System.nanoTime();

        JsonNode health = api.get("/hosts/one").path("health");
        JsonNode suspended = api.call(200, "POST", "/tenants/" + TENANT + "/suspend", Map.of("patience", "60s"));
        JsonNode flip = api.flip(409, endpoint.database(), "127.0.0.1", server.port(), Map.of());
        JsonNode resumed = api.call(200, "POST", "/tenants/" + TENANT + "/resume", Map.of());

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(ANSWERED_WITHIN.multipliedBy(2));
        assertThat(health.path("reachable").asBoolean(true)).isFalse();
        assertThat(health.path("detail").asString()).contains("timed out");
        assertThat(suspended.path("status").asString()).isEqualTo("suspended");
        assertThat(flip.path("error").asString()).contains("cannot be fenced").contains("use force");
        assertThat(resumed.path("status").asString()).isEqualTo("ready");
        network.flow();
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(
                                api.get("/hosts/one").at("/health/reachable").asBoolean())
                        .isTrue());
        working.end();
    }
}
