package dev.tdb.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tdb.local.PostgresServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** A request that is sent again after signal 9 is answered as before, with the password that is shown once. */
final class AnswersAfterKillIT {
    private static final List<String> FLAGS = List.of("-Xmx256m", "-XX:+UseSerialGC");
    private static final String ACME = "{\"tenant_id\":\"acme\",\"databases\":[{\"blueprint\":\"it\"}]}";

    @Test
    void theFirstAnswerIsGivenAgainAfterAKillAndNobodyCanReadItMeanwhile(@TempDir Path directory) throws Exception {
        try (PostgresServer server =
                TestServers.postgres(directory.resolve("server")).start()) {
            Path state = directory.resolve("state");
            ServedProgram program = ServedProgram.start(state, FLAGS);
            try {
                program.api().host("one", server);
                program.api().blueprint("it", "CREATE TABLE items (name text)");
                HttpResponse<String> first = once(program.api(), ACME);
                assertThat(first.statusCode()).as(first.body()).isEqualTo(201);
                Endpoint door = OperatorApi.door(JsonMapper.shared().readTree(first.body()));
                program.kill();
                assertThat(files(state)).noneMatch(text -> text.contains(door.password()));

                program = program.killAndStartAgain();

                HttpResponse<String> second = once(program.api(), ACME);
                assertThat(second.statusCode()).isEqualTo(201);
                assertThat(second.body()).isEqualTo(first.body());
                int port = program.api()
                        .get("/tenants/acme")
                        .at("/databases/0/connection/port")
                        .asInt(0);
                assertThat(door.at(new InetSocketAddress(door.host(), port)).knock())
                        .isEqualTo("00000");
                HttpResponse<String> other = once(program.api(), ACME.replace("acme", "globex"));
                assertThat(other.statusCode()).as(other.body()).isEqualTo(409);
                assertThat(program.api().all("/tenants", "tenants")).hasSize(1);
            } finally {
                program.close();
            }
        }
    }

    private static HttpResponse<String> once(OperatorApi api, String body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(api.base().resolve("/tenants"))
                .header("Authorization", "Bearer " + api.key())
                .header("X-Project", api.project())
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", "once")
                .POST(BodyPublishers.ofString(body))
                .build();
        return api.http().send(request, BodyHandlers.ofString());
    }

    private static List<String> files(Path directory) throws IOException {
        try (Stream<Path> paths = Files.walk(directory)) {
            return paths.filter(Files::isRegularFile)
                    .map(AnswersAfterKillIT::text)
                    .toList();
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
