package dev.tdb.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tdb.local.PostgresServer;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The control database goes away and comes back: queries go on, and the API says what is missing. */
final class ControlDatabaseAwayIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void queriesGoOnAndTheApiSaysWhatIsMissing(@TempDir Path directory) throws Exception {
        try (PostgresServer state =
                        TestServers.postgres(directory.resolve("state")).start();
                PostgresServer server =
                        TestServers.postgres(directory.resolve("server")).start();
                Installation installation = Installation.start(
                        TestServers.controlDatabase(state),
                        directory.resolve("tdb"),
                        List.of("CREATE TABLE items (name text)"))) {
            installation.host("one", "127.0.0.1", server);
            Endpoint door = installation.tenant("acme");
            OperatorApi api = OperatorApi.of(installation);
            try (Connection connection = door.connect();
                    Statement statement = connection.createStatement()) {
                state.kill();

                statement.execute("INSERT INTO items VALUES ('while it is away')");
                assertThat(door.knock()).isEqualTo("00000");
                assertThat(api.get("/health").path("status").asString()).isEqualTo("healthy");
                assertEachIsUnavailable(api);

                state.restart();

                await().atMost(PATIENCE)
                        .until(() -> api.send("GET", "/ready", Map.of()).statusCode() == 200);
                assertThat(api.get("/tenants/acme").path("status").asString()).isEqualTo("ready");
                api.call(200, "POST", "/tenants/acme/suspend", Map.of("patience", "0s"));
                assertThat(door.knock()).isEqualTo("55P03");
                api.call(200, "POST", "/tenants/acme/resume", Map.of());
                statement.execute("INSERT INTO items VALUES ('when it is back')");
            }
        }
    }

    /** At once, since each waits for the database before it gives up. */
    private static void assertEachIsUnavailable(OperatorApi api) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<HttpResponse<String>> look = threads.submit(() -> api.send("GET", "/tenants/acme", Map.of()));
            Future<HttpResponse<String>> change =
                    threads.submit(() -> api.send("POST", "/tenants/acme/suspend", Map.of()));
            Future<HttpResponse<String>> ready = threads.submit(() -> api.send("GET", "/ready", Map.of()));

            assertUnavailable(look.get());
            assertUnavailable(change.get());
            JsonNode parts = assertUnavailable(ready.get()).path("parts");
            assertThat(parts.at("/control_database/ready").asBoolean(true)).isFalse();
            assertThat(parts.at("/proxy/ready").asBoolean(false)).isTrue();
        }
    }

    private static JsonNode assertUnavailable(HttpResponse<String> answer) {
        JsonNode reply = JsonMapper.shared().readTree(answer.body());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
        assertThat(reply.path("code").asString()).isEqualTo("unavailable");
        assertThat(reply.path("error").asString())
                .isNotBlank()
                .doesNotContain("Exception")
                .doesNotContain("127.0.0.1");
        return reply;
    }
}
