package dev.tdb.app.dev;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The API as a program calls it. Every reply is held against the contract. */
record Http(String url, String key, HttpClient client, Contract contract) {
    /** One that serves its contract. */
    static Http of(String url, String key) throws IOException, InterruptedException {
        HttpClient client = HttpClient.newHttpClient();
        HttpResponse<String> document = client.send(
                HttpRequest.newBuilder(URI.create(url + "/openapi.json")).build(), BodyHandlers.ofString());
        return new Http(url, key, client, new Contract(JsonMapper.shared().readTree(document.body())));
    }

    Http as(String otherKey) {
        return new Http(url, otherKey, client, contract);
    }

    HttpResponse<String> send(String method, String path, String body) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path))
                .timeout(Duration.ofMinutes(1))
                .header("Content-Type", "application/json")
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (!key.isEmpty()) {
            request.header("Authorization", "Bearer " + key);
        }
        return client.send(request.build(), BodyHandlers.ofString());
    }

    /** The reply, whose envelope fits its status. */
    JsonNode call(int status, String method, String path, String body) throws IOException, InterruptedException {
        HttpResponse<String> response = send(method, path, body);
        JsonNode reply = JsonMapper.shared().readTree(response.body());
        assertThat(response.statusCode())
                .as(() -> method + " " + path + " " + response.body())
                .isEqualTo(status);
        assertThat(reply.path("http_status").asInt(0)).isEqualTo(status);
        assertThat(reply.path("success").asBoolean(false)).isEqualTo(status < 400);
        assertThat(contract.complaints(method, path, status, reply))
                .as(() -> method + " " + path + " " + response.body())
                .isEmpty();
        return reply;
    }

    JsonNode get(String path) throws IOException, InterruptedException {
        return call(200, "GET", path, "");
    }
}
