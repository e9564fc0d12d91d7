package dev.tdb.app.dev;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A process that is killed while it deploys, and the one that comes after it. */
class KilledDeployIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int TENANTS = 16;

    @TempDir
    Path temp;

    private @Nullable Process process;

    @AfterEach
    void kill() throws InterruptedException {
        if (process != null) {
            process.destroyForcibly().waitFor();
        }
    }

    private Http launch() throws IOException, InterruptedException {
        Path state = temp.resolve("state");
        Process started = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "dev.tdb.app.Tdb",
                        "dev",
                        "--only",
                        "postgres",
                        "--state",
                        state.toString(),
                        "--port-postgres",
                        "0",
                        "--port-api",
                        "0"))
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(temp.resolve("output").toFile()))
                .start();
        process = started;
        Path file = state.resolve("dev.json");
        JsonNode facts = await().atMost(PATIENCE)
                .ignoreExceptions()
                .until(
                        () -> JsonMapper.shared().readTree(Files.readString(file)),
                        found -> found.path("pid").asLong() == started.pid());
        return Http.of(facts.at("/api/url").asString(), facts.at("/api/key").asString());
    }

    @Test
    void everyTenantGetsTheVersionOnce() throws Exception {
        Http operator = launch();
        operator.call(201, "POST", "/blueprints", "{\"name\":\"crm\",\"database_type\":\"postgresql\"}");
        addVersion(operator, "CREATE TABLE done (version int)");
        for (int i = 0; i < TENANTS; i++) {
            operator.call(
                    201, "POST", "/tenants", "{\"tenant_id\":\"t" + i + "\",\"databases\":[{\"blueprint\":\"crm\"}]}");
        }
        addVersion(operator, "INSERT INTO done SELECT 2 FROM pg_sleep(0.2)");
        addVersion(operator, "INSERT INTO done SELECT 3 FROM pg_sleep(0.2)");
        String path = "/deployments/"
                + operator.call(201, "POST", "/deployments", "{\"blueprint_name\":\"crm\",\"all\":true}")
                        .path("id")
                        .asString();

        for (int completed : List.of(2, 7)) {
            Http before = operator;
            await().atMost(PATIENCE)
                    .until(() -> before.get(path).path("tenants_completed").asInt() >= completed);
            kill();
            operator = launch();
        }

        Http last = operator;
        JsonNode deployment = await().atMost(PATIENCE)
                .until(
                        () -> last.get(path),
                        reply -> !reply.path("status").asString().equals("in_progress"));
        assertThat(deployment.path("status").asString()).isEqualTo("completed");
        JsonNode answers = last.call(
                200,
                "POST",
                "/admin/query",
                "{\"blueprint\":\"crm\",\"all_tenants\":true,"
                        + "\"query\":\"SELECT string_agg(version::text, ',' ORDER BY version) FROM done\"}");
        assertThat(answers.path("results").size()).isEqualTo(TENANTS);
        answers.path("results")
                .forEach(answer -> assertThat(answer.path("rows").toString())
                        .as(answer.toString())
                        .isEqualTo("[[\"2,3\"]]"));
        assertThat(last.get("/operations?limit=1000").path("operations").valueStream())
                .noneMatch(operation -> operation.path("state").asString().equals("running"));
    }

    private static void addVersion(Http operator, String statement) throws Exception {
        operator.call(201, "POST", "/blueprints/crm/versions", "{\"statements\":[\"" + statement + "\"]}");
    }
}
