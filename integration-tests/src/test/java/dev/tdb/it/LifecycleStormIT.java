package dev.tdb.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tdb.local.PostgresServer;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The packaged program under many lifecycle calls at once, and killed in the midst of them: what was acknowledged stands,
 * nothing is half made, and the journal tells one story with what is there.
 */
final class LifecycleStormIT {
    private static final int TENANTS = 50;
    private static final int CALLS = Integer.getInteger("tdb.storm.calls", 200);
    private static final int KILLS = Integer.getInteger("tdb.storm.kills", 2);
    private static final long SEED = Long.getLong("tdb.storm.seed", 20_260_101);
    private static final String BLUEPRINT = "it";
    private static final List<String> FLAGS = List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

    private static PostgresServer server;

    @BeforeAll
    static void start(@TempDir Path directory) {
        server = TestServers.postgres(directory)
                .setting("max_connections", "300")
                .start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void manyCallsAtOnceEndInOneStoryOnSqlite(@TempDir Path directory) throws Exception {
        try (ServedProgram program = ServedProgram.start(directory, FLAGS)) {
            storm(program);
        }
    }

    @Test
    void manyCallsAtOnceEndInOneStoryOnPostgres(@TempDir Path directory) throws Exception {
        try (Connection root = server.connect("postgres");
                Statement statement = root.createStatement()) {
            statement.execute("CREATE DATABASE control");
        }
        Path password = Files.writeString(
                directory.resolve("password"), server.superuser().password());
        String control = "control:\n  database: " + server.jdbcUrl("control") + "\n  user: "
                + server.superuser().user() + "\n  password_file: " + password + "\n";
        try (ServedProgram program = ServedProgram.start(directory, control, FLAGS)) {
            storm(program);
        }
    }

    private static void prepare(OperatorApi api) throws Exception {
        api.host("one", server);
        api.blueprint(BLUEPRINT, "CREATE TABLE items (name text)", "INSERT INTO items VALUES ('first')");
    }

    private static void storm(ServedProgram program) throws Exception {
        System.out.println("lifecycle storm: seed " + SEED);
        prepare(program.api());
        Random random = new Random(SEED);
        List<LifecycleCall> calls = Stream.concat(
                        IntStream.range(0, TENANTS)
                                .mapToObj(i -> new LifecycleCall("t" + i, LifecycleCall.Kind.CREATE)),
                        Stream.generate(() -> LifecycleCall.any(random, TENANTS))
                                .limit(CALLS - TENANTS))
                .toList();
        Map<String, Endpoint> doors = new ConcurrentHashMap<>();

        List<Future<?>> answers = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            calls.forEach(call -> answers.add(threads.submit(() -> {
                HttpResponse<String> answer = call.send(program.api(), BLUEPRINT);
                assertEnvelope(answer);
                if (answer.statusCode() == 201) {
                    doors.put(
                            call.tenant(), OperatorApi.door(JsonMapper.shared().readTree(answer.body())));
                }
                return answer;
            })));
            for (Future<?> answer : answers) {
                answer.get();
            }
        }

        Story story = Story.told(program.api(), server, BLUEPRINT);
        for (Map.Entry<String, Endpoint> door : doors.entrySet()) {
            String expected = switch (story.statuses().getOrDefault(door.getKey(), "absent")) {
                case "ready" -> "00000";
                case "suspended" -> "55P03";
                case "deleted" -> "3D000";
                default -> "28P01";
            };
            assertThat(door.getValue().knock()).as(door.getKey()).isEqualTo(expected);
        }
        clear(program.api(), story);
    }

    private static void assertEnvelope(HttpResponse<String> answer) {
        JsonNode reply = JsonMapper.shared().readTree(answer.body());
        assertThat(answer.statusCode()).as(answer.body()).isIn(200, 201, 404, 409);
        assertThat(reply.path("http_status").asInt(0)).isEqualTo(answer.statusCode());
        assertThat(reply.path("success").asBoolean(false)).isEqualTo(answer.statusCode() < 400);
    }

    /** Removes all, so that the server is empty for the next test. */
    private static void clear(OperatorApi api, Story story) throws Exception {
        List<Future<JsonNode>> removals = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (String tenant : story.statuses().keySet()) {
                removals.add(
                        threads.submit(() -> api.call(200, "DELETE", "/tenants/" + tenant + "?hard=true", Map.of())));
            }
            for (Future<JsonNode> removal : removals) {
                removal.get();
            }
        }
        assertThat(Story.told(api, server, BLUEPRINT).statuses()).isEmpty();
    }

    @Test
    void whatWasAcknowledgedOutlivesKillsAndNothingIsHalfMade(@TempDir Path directory) throws Exception {
        System.out.println("lifecycle kills: seed " + SEED);
        Random random = new Random(SEED);
        ServedProgram program = ServedProgram.start(directory, FLAGS);
        try {
            prepare(program.api());
            for (int kill = 1; kill <= KILLS; kill++) {
                Map<String, String> before =
                        Story.told(program.api(), server, BLUEPRINT).statuses();
                Acknowledged acknowledged = new Acknowledged(before);
                ServedProgram victim = program;
                try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                    for (int i = 0; i < TENANTS; i++) {
                        LifecycleCall call = LifecycleCall.any(random, TENANTS / 2);
                        threads.execute(() -> acknowledged.send(call, victim.api(), BLUEPRINT));
                    }
                    acknowledged.await(1 + random.nextInt(TENANTS / 2));
                    victim.kill();
                }

                program = victim.killAndStartAgain();

                Map<String, String> after =
                        Story.told(program.api(), server, BLUEPRINT).statuses();
                acknowledged.assertStands(after);
            }
            clear(program.api(), Story.told(program.api(), server, BLUEPRINT));
        } finally {
            program.close();
        }
    }
}
