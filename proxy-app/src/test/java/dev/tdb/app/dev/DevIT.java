package dev.tdb.app.dev;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code tdb dev} as a process of its own: started, asked to stop, killed, started again. */
class DevIT {
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @TempDir
    Path temp;

    private final Launches launches = new Launches();

    @AfterEach
    void killWhatIsLeft() throws InterruptedException {
        launches.killAll();
    }

    private Process launch(String... options) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("dev", "--state", state().toString()));
        arguments.addAll(List.of(options));
        return launches.start(launches.of(arguments)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(temp.resolve("output").toFile())));
    }

    private Path state() {
        return temp.resolve("state");
    }

    private String output() throws IOException {
        return Files.readString(temp.resolve("output"));
    }

    private JsonNode facts(Process process) throws IOException {
        Path file = state().resolve("dev.json");
        await().atMost(PATIENCE).until(() -> Files.exists(file) || !process.isAlive());
        assertThat(file).as(output()).exists();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        return JsonMapper.shared().readTree(Files.readString(file));
    }

    private int ended(Process process) throws InterruptedException {
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    private static String string(JsonNode facts) {
        return facts.at("/tenants/0/databases/0/connection_string").asString();
    }

    private static String mySql(JsonNode facts, String which) {
        return facts.at("/tenants/0/databases/1/" + which).asString();
    }

    private static boolean listens(int port) {
        try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return !probe.isBound();
        } catch (IOException _) {
            return true;
        }
    }

    @Test
    void itStartsStopsAndComesBackWithTheSameFacts() throws Exception {
        Process first = launch("--port-postgres", "0", "--port-mysql", "0", "--port-api", "0", "--only", "postgres");
        JsonNode facts = facts(first);
        int server = facts.at("/hosts/0/port").asInt();
        Strings.ask(
                string(facts),
                "WITH made AS (INSERT INTO customers (name, email) VALUES ('Kurt', 'kurt@x') RETURNING id) SELECT id"
                        + " FROM made");
        assertThat(output())
                .contains("psql '" + string(facts) + "'")
                .contains(facts.at("/api/key").asString())
                .doesNotContain("INFO");
        assertThat(state().resolve("tdb.log")).content().contains("INFO");

        assertThat(ended(launch("--port-postgres", "0", "--port-mysql", "0", "--port-api", "0")))
                .isEqualTo(1);
        assertThat(output()).contains("is running already").contains("process " + first.pid());
        assertThat(state().resolve("dev.json")).exists();

        first.destroy();
        assertThat(ended(first)).as(output()).isZero();
        assertThat(state().resolve("dev.json")).doesNotExist();
        assertThat(listens(server)).isFalse();

        Process second = launch("--port-postgres", "0", "--port-mysql", "0", "--port-api", "0");
        JsonNode again = facts(second);
        assertThat(again.path("project")).isEqualTo(facts.path("project"));
        assertThat(again.at("/api/key")).isEqualTo(facts.at("/api/key"));
        assertThat(Strings.ask(string(again), "SELECT count(*) FROM customers WHERE name = 'Kurt'"))
                .isEqualTo("1");
        assertThat(facts.at("/tenants/0/databases")).hasSize(1);
        assertThat(again.at("/tenants/1/databases/1/database_type").asString()).isEqualTo("MySQL");
        Strings.run(mySql(again, "admin_connection_string"), "CREATE TABLE seen (n int)");
        Strings.run(mySql(again, "connection_string"), "INSERT INTO seen SELECT count(*) FROM customers");

        second.destroyForcibly();
        ended(second);
        Process third = launch("--port-postgres", "0", "--port-mysql", "0", "--port-api", "0");
        await().atMost(PATIENCE).until(() -> !Files.exists(state().resolve("dev.json")) || !third.isAlive());
        JsonNode recovered = facts(third);
        assertThat(recovered.path("pid").asLong()).isEqualTo(third.pid());
        assertThat(Strings.ask(string(recovered), "SELECT count(*) FROM customers WHERE name = 'Kurt'"))
                .isEqualTo("1");
        assertThat(Strings.ask(mySql(recovered, "connection_string"), "SELECT n FROM seen"))
                .isEqualTo("3");
        assertThat(recovered.at("/hosts/2/host_id").asString()).isEqualTo("mysql1");
        third.destroy();
        assertThat(ended(third)).isZero();
        assertThat(listens(recovered.at("/hosts/2/port").asInt())).isFalse();

        Process fourth =
                launch("--port-postgres", "0", "--port-mysql", "0", "--port-api", "0", "--reset", "--only", "postgres");
        JsonNode anew = facts(fourth);
        assertThat(anew.path("project")).isNotEqualTo(facts.path("project"));
        assertThat(Strings.ask(string(anew), "SELECT count(*) FROM customers")).isEqualTo("3");
        fourth.destroy();
        assertThat(ended(fourth)).isZero();
        assertThat(listens(anew.at("/hosts/0/port").asInt())).isFalse();
    }

    @Test
    void aTakenPortIsSaidWithTheOptionThatChangesIt() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();

            assertThat(ended(launch("--port-postgres", Integer.toString(port), "--port-mysql", "0", "--port-api", "0")))
                    .isEqualTo(1);
            assertThat(output()).contains("port " + port).contains("--port-postgres");
            assertThat(ended(launch("--port-postgres", "0", "--port-mysql", "0", "--port-api", Integer.toString(port))))
                    .isEqualTo(1);
            assertThat(output()).contains("--port-api");
        }
        assertThat(state().resolve("dev.json")).doesNotExist();
    }
}
