package dev.tdb.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tdb.local.PostgresServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The HTTP API, as an operator's program calls it.
 *
 * @param project whose tenants are meant; empty before there is one
 */
record OperatorApi(URI base, String key, String project, HttpClient http) {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    OperatorApi(URI base, String key, String project) {
        this(base, key, project, HttpClient.newHttpClient());
    }

    static OperatorApi of(Installation installation) {
        return new OperatorApi(
                URI.create("http://" + installation.api()),
                installation.operatorKey().reveal(),
                installation.project().value());
    }

    /** The reply's body; its status must be {@code status}. */
    JsonNode call(int status, String method, String path, Map<String, ?> body)
            throws IOException, InterruptedException {
        HttpResponse<String> response = send(method, path, body);
        assertThat(response.statusCode())
                .as(() -> method + " " + path + " " + body + ": " + response.body())
                .isEqualTo(status);
        return JsonMapper.shared().readTree(response.body());
    }

    /** The reply, whatever it says. */
    HttpResponse<String> send(String method, String path, Map<String, ?> body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path))
                .timeout(PATIENCE)
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString(JsonMapper.shared().writeValueAsString(body)));
        if (!project.isEmpty()) {
            request.header("X-Project", project);
        }
        return http.send(request.build(), BodyHandlers.ofString());
    }

    JsonNode get(String path) throws IOException, InterruptedException {
        return call(200, "GET", path, Map.of());
    }

    JsonNode flip(int status, String database, String host, int port, Map<String, ?> more)
            throws IOException, InterruptedException {
        Map<String, Object> body = new LinkedHashMap<>(more);
        body.put("host", host);
        body.put("port", port);
        return call(status, "PUT", "/routes/" + database, body);
    }

    /** Registers a server, with the address it has and its superuser. */
    void host(String id, PostgresServer server) throws IOException, InterruptedException {
        call(
                201,
                "POST",
                "/hosts",
                Map.of(
                        "host_id",
                        id,
                        "database_type",
                        "PostgreSQL",
                        "host",
                        server.host(),
                        "port",
                        server.port(),
                        "tls",
                        "disable",
                        "capacity",
                        10_000,
                        "admin_user",
                        server.superuser().user(),
                        "admin_password",
                        server.superuser().password()));
    }

    /** All of a list that comes in pages. */
    List<JsonNode> all(String path, String name) throws IOException, InterruptedException {
        List<JsonNode> all = new ArrayList<>();
        JsonNode page;
        do {
            page = get(path + "?limit=1000&offset=" + all.size());
            page.path(name).forEach(all::add);
        } while (page.path("has_more").asBoolean(false));
        return all;
    }

    /** Makes a blueprint, whose tenants get what {@code statements} make. */
    void blueprint(String name, String... statements) throws IOException, InterruptedException {
        call(201, "POST", "/blueprints", Map.of("name", name, "database_type", "PostgreSQL"));
        call(201, "POST", "/blueprints/" + name + "/versions", Map.of("statements", List.of(statements)));
    }

    /** Makes a tenant, and returns how its application connects. */
    Endpoint tenant(String id, String blueprint) throws IOException, InterruptedException {
        JsonNode made = call(
                201, "POST", "/tenants", Map.of("tenant_id", id, "databases", List.of(Map.of("blueprint", blueprint))));
        return door(made);
    }

    /** How the application of a tenant connects, as the reply says that made it. */
    static Endpoint door(JsonNode made) {
        URI string =
                URI.create(made.at("/databases/0/connection/connection_string").asString());
        String[] login = string.getUserInfo().split(":", 2);
        return new Endpoint(
                string.getHost(),
                string.getPort(),
                login[0],
                login[1],
                string.getPath().substring(1));
    }
}
