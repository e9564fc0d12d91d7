package dev.tdb.app.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The API as the commands call it. Blocks. */
final class Api implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Duration CONNECT = Duration.ofSeconds(5);
    /** Longer than the longest thing the API waits for by itself, a drain of ten minutes. */
    private static final Duration ANSWER = Duration.ofMinutes(12);

    private static final String EVENT = "event: ";
    private static final String DATA = "data: ";

    private final ClientSettings settings;
    private final String idempotencyKey;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .build();

    /** @param idempotencyKey of what is posted; empty for none */
    Api(ClientSettings settings, String idempotencyKey) {
        this.settings = settings;
        this.idempotencyKey = idempotencyKey;
    }

    ClientSettings settings() {
        return settings;
    }

    /** A document that is not in the envelope. */
    String text(String path) {
        HttpResponse<String> response =
                send(HttpRequest.newBuilder(request("GET", path, Map.of()), (name, _) -> !name.equals("Accept"))
                        .build());
        if (response.statusCode() != 200) {
            throw CliFailure.refused(settings.url() + path + " is answered with " + response.statusCode());
        }
        return response.body();
    }

    JsonNode get(String path) {
        return call("GET", path, Map.of());
    }

    JsonNode call(String method, String path, Map<String, ?> body) {
        return call(method, path, body, false);
    }

    /**
     * @param replyAnyway the reply of a {@code no} is returned too
     * @throws CliFailure when nothing answers, or the answer is no
     */
    JsonNode call(String method, String path, Map<String, ?> body, boolean replyAnyway) {
        HttpResponse<String> response = send(request(method, path, body));
        JsonNode reply;
        try {
            reply = JSON.readTree(response.body());
        } catch (JacksonException _) {
            throw CliFailure.unreachable(settings.url() + " answered " + response.statusCode()
                    + ", but not as tdb's API does: is that the right address?");
        }
        if (!reply.path("success").asBoolean(false) && !replyAnyway) {
            throw CliFailure.refused(sentence(reply, response.statusCode()), reply);
        }
        return reply;
    }

    private String sentence(JsonNode reply, int status) {
        String code = reply.path("code").asString(Integer.toString(status));
        String error = reply.path("error").asString("the API answered " + status);
        String more = reply.has("operation_id")
                ? "\n  see: tdb operations get " + reply.path("operation_id").asString()
                : NextStep.list(error).map(list -> "\n  see: " + list).orElse("");
        if (status == 401) {
            more = "\n  " + aboutKey();
        } else if (reply.has("request_id")) {
            more = "\n  request_id " + reply.path("request_id").asString();
        }
        return code + ": " + NextStep.asCommands(error) + more;
    }

    private String aboutKey() {
        if (!settings.key().isEmpty()) {
            return "the key was taken from " + settings.keyFrom();
        }
        return settings.keyFrom().isEmpty()
                ? "no key was given: set TDB_KEY, or start tdb with ./tdb dev in this folder"
                : "no key was sent to " + settings.url() + ": " + settings.keyFrom()
                        + "; give one with --key or TDB_KEY";
    }

    private HttpRequest request(String method, String path, Map<String, ?> body) {
        try {
            HttpRequest.Builder request = HttpRequest.newBuilder(
                            URI.create(settings.url().replaceAll("/+$", "") + path))
                    .timeout(ANSWER)
                    .header("Accept", "application/json")
                    .method(
                            method,
                            body.isEmpty()
                                    ? BodyPublishers.noBody()
                                    : BodyPublishers.ofString(JSON.writeValueAsString(body)));
            if (!body.isEmpty()) {
                request.header("Content-Type", "application/json");
            }
            if (!settings.key().isEmpty()) {
                request.header("Authorization", "Bearer " + settings.key());
            }
            if (!idempotencyKey.isEmpty() && method.equals("POST")) {
                request.header("Idempotency-Key", idempotencyKey);
            }
            if (!settings.project().isEmpty()) {
                request.header("X-Project", settings.project());
            }
            return request.build();
        } catch (IllegalArgumentException _) {
            // Not the cause's words: they might repeat the key.
            throw CliFailure.usage("the address '" + settings.url()
                    + "' or the key cannot be used, expected an address such as http://127.0.0.1:8480");
        }
    }

    /** Hands on events until the API ends the stream, or the process ends. */
    void events(BiConsumer<String, JsonNode> each) {
        HttpRequest request = HttpRequest.newBuilder(
                        request("GET", "/events", Map.of()), (name, _) -> !name.equals("Accept"))
                .header("Accept", "text/event-stream")
                .timeout(Duration.ofDays(365))
                .build();
        try {
            HttpResponse<Stream<String>> response = http.send(request, BodyHandlers.ofLines());
            try (Stream<String> lines = response.body()) {
                if (response.statusCode() != 200) {
                    JsonNode reply = JSON.readTree(lines.collect(Collectors.joining("\n")));
                    throw CliFailure.refused(sentence(reply, response.statusCode()), reply);
                }
                String[] type = {""};
                lines.forEach(line -> {
                    if (line.startsWith(EVENT)) {
                        type[0] = line.substring(EVENT.length());
                    } else if (line.startsWith(DATA)) {
                        each.accept(type[0], JSON.readTree(line.substring(DATA.length())));
                    }
                });
            }
        } catch (IOException | UncheckedIOException | JacksonException _) {
            throw CliFailure.unreachable("the events of " + settings.url() + " ended: is tdb running?");
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw CliFailure.unreachable("interrupted");
        }
    }

    private HttpResponse<String> send(HttpRequest request) {
        try {
            return http.send(request, BodyHandlers.ofString());
        } catch (IOException _) {
            throw CliFailure.unreachable(
                    "nothing answers at " + settings.url() + ": is tdb running? start it with ./tdb dev");
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw CliFailure.unreachable("interrupted");
        }
    }

    /** One segment of a path. */
    static String segment(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** What stands behind the question mark, without parameters whose value is empty. */
    static String query(Map<String, String> parameters) {
        String query = parameters.entrySet().stream()
                .filter(parameter -> !parameter.getValue().isEmpty())
                .map(parameter -> parameter.getKey() + "=" + segment(parameter.getValue()))
                .collect(Collectors.joining("&"));
        return query.isEmpty() ? "" : "?" + query;
    }

    @Override
    public void close() {
        http.close();
    }
}
