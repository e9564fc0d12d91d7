package dev.tdb.bench.load;

import dev.tdb.proxy.credential.Secret;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** tdb's API, as an operator calls it. */
final class ApiClient {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final JsonMapper json = new JsonMapper();
    private final HttpClient http = HttpClient.newHttpClient();
    private final URI base;
    private final Secret key;

    ApiClient(URI base, Secret key) {
        this.base = base;
        this.key = key;
    }

    JsonNode call(String method, String path, Map<String, Object> body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(base.resolve(path))
                .timeout(PATIENCE)
                .header("Authorization", "Bearer " + key.reveal())
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString(json.writeValueAsString(body)))
                .build();
        HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
        if (response.statusCode() / 100 != 2) {
            throw new IOException(method + " " + path + ": " + response.body());
        }
        return json.readTree(response.body());
    }
}
