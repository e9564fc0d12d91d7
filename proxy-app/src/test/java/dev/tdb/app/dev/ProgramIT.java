package dev.tdb.app.dev;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** {@code tdb serve} and {@code tdb config} as processes of their own. */
class ProgramIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String LISTENER =
            "listeners:\n  postgres:\n    address: 127.0.0.1:0\n    plaintext: loopback\n";

    @TempDir
    Path temp;

    private final Launches launches = new Launches();

    @AfterEach
    void killWhatIsLeft() throws InterruptedException {
        launches.killAll();
    }

    private Process launch(String... arguments) throws IOException {
        ProcessBuilder builder = launches.of(List.of(arguments))
                .directory(temp.toFile())
                .redirectOutput(output("" + launches.count()).toFile());
        builder.environment().put("HOME", temp.resolve("home").toString());
        builder.environment().keySet().removeIf(name -> name.startsWith("TDB_") || name.startsWith("XDG_"));
        return launches.start(builder);
    }

    private Path output(String number) {
        return temp.resolve("output" + number);
    }

    /** Of the process that was started last. */
    private String output() throws IOException {
        return Files.readString(output("" + (launches.count() - 1)));
    }

    private int ended(Process process) throws InterruptedException {
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    private String config(String text) throws IOException {
        return Files.writeString(temp.resolve("tdb.yaml"), text).toString();
    }

    private void cannotStart(String config, String... words) throws Exception {
        assertThat(ended(launch("serve", "--config", config(config)))).isEqualTo(1);
        assertThat(output()).contains("tdb: tdb cannot start: ").contains(words).doesNotContain("\tat ");
        assertThat(output().lines()).hasSize(1);
    }

    @Test
    void whatKeepsServeFromStartingIsSaidInASentence() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();
            cannotStart(LISTENER + "api:\n  address: 127.0.0.1:" + port + "\n", "the API", "" + port);
            cannotStart(LISTENER.replace(":0", ":" + port) + "api:\n  address: 127.0.0.1:0\n", "" + port);
        }
        String api = "api:\n  address: 127.0.0.1:0\n";
        cannotStart(
                LISTENER + api + "control:\n  database: jdbc:postgresql://127.0.0.1:1/tdb\n  user: tdb\n",
                "the control database",
                "127.0.0.1:1");
        cannotStart(LISTENER + api + "control:\n  database: jdbc:sqlite:/proc/nowhere/control.db\n", "/proc/nowhere");
    }

    @Test
    void metricsCanHaveAPortOfTheirOwn() throws Exception {
        launch(
                "serve",
                "--config",
                config(LISTENER + "api:\n  address: 127.0.0.1:0\n  metrics_address: 127.0.0.1:0\n"));
        await().atMost(PATIENCE).until(() -> output().contains("/metrics"));
        Http api = Http.of(found("the API is at (http\\S+)"), "");
        Http metrics = new Http(
                found("the metrics are at (http\\S+)/metrics"), "", HttpClient.newHttpClient(), api.contract());

        assertThat(metrics.send("GET", "/metrics", "").body()).contains("admin_http_requests");
        JsonNode ready = metrics.get("/ready");
        assertThat(ready.path("status").asString()).isEqualTo("ready");
        assertThat(ready.path("parts").propertyNames())
                .containsExactly("control_database", "listener_postgres", "proxy", "query_log");
        assertThat(metrics.send("GET", "/tenants", "").statusCode()).isEqualTo(404);
        assertThat(api.send("GET", "/metrics", "").statusCode()).isEqualTo(404);
        assertThat(api.get("/health").path("status").asString()).isEqualTo("healthy");
    }

    @Test
    void everyRequestIsALineOfTheLogWithoutASecret() throws Exception {
        launch("serve", "--config", config(LISTENER + "api:\n  address: 127.0.0.1:0\n"));
        await().atMost(PATIENCE).until(() -> output().contains("the API is at"));
        String key = found("shown this once: (tdb_sk_[0-9a-f]{64})");
        Http operator = Http.of(found("the API is at (http\\S+)"), key);

        String made = operator.call(201, "POST", "/projects", "{\"name\":\"demo\"}")
                .path("api_key")
                .asString();
        operator.call(404, "GET", "/operations/op_7?project=nowhere", "");
        operator.as("tdb_sk_guess").call(401, "GET", "/projects", "");

        await().atMost(PATIENCE).until(() -> output().contains("status=401"));
        assertThat(output())
                .containsPattern("request_id=[0-9a-f]{16} method=POST path=/projects status=201 ms=\\S+ caller=\\w+"
                        + " client=127.0.0.1")
                .containsPattern("method=GET path=/operations/op_7 status=404 ms=\\S+ caller=\\w+")
                .containsPattern("method=GET path=/projects status=401 ms=\\S+ caller=- ")
                .containsOnlyOnce(key)
                .doesNotContain(made, "guess");
    }

    @Test
    void theOperatorsKeyIsRotatedBesideTheRunningProgram() throws Exception {
        String file = config(LISTENER + "api:\n  address: 127.0.0.1:0\n");
        launch("serve", "--config", file);
        await().atMost(PATIENCE).until(() -> output().contains("the API is at"));
        Http first = Http.of(found("the API is at (http\\S+)"), found("shown this once: (tdb_sk_[0-9a-f]{64})"));
        first.get("/projects");

        assertThat(ended(launch("secrets", "operator-key", "--config", file))).isZero();
        Http second = first.as(found("shown this once: (tdb_sk_[0-9a-f]{64})"));
        second.get("/projects");
        first.get("/projects");

        assertThat(ended(launch("secrets", "operator-key", "--config", file, "--overlap", "0s")))
                .isZero();
        second.call(401, "GET", "/projects", "");
    }

    private String found(String pattern) throws IOException {
        Matcher matcher = Pattern.compile(pattern).matcher(output());
        assertThat(matcher.find()).as(output()).isTrue();
        return matcher.group(1);
    }

    @Test
    void ownSettingsAreWrittenForTheirOwnerAndShownWithoutTheKey() throws Exception {
        assertThat(ended(launch("config", "set", "--url", "http://one:1", "--key", "tdb_sk_0123456789abcdef")))
                .isZero();
        Path file = temp.resolve("home/.config/tdb/config.yaml");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");

        assertThat(ended(launch("config", "show"))).isZero();
        assertThat(output())
                .contains("http://one:1")
                .contains(file.toString())
                .contains("tdb_sk_0123")
                .doesNotContain("456789abcdef");

        assertThat(ended(launch("config", "set", "--url", "http://two:2", "--project", "tdb_1")))
                .isZero();
        assertThat(Files.readString(file))
                .contains("http://two:2")
                .contains("tdb_1")
                .doesNotContain("tdb_sk");
    }
}
