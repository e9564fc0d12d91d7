package dev.tdb.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tdb.control.store.StoreSettings;
import dev.tdb.local.PostgresServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Whatever is sent to the API is answered in its envelope, and never with a fault. */
@ParameterizedClass
@EnumSource
record ApiFuzzIT(Store store) {
    /** Where tdb keeps its state. */
    enum Store {
        SQLITE,
        POSTGRES
    }

    private static final int REQUESTS = Integer.getInteger("tdb.fuzz.requests", 800);
    private static final long SEED = Long.getLong("tdb.fuzz.seed", 20_260_102);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Pattern REPLY_BEGINS = Pattern.compile("(?=HTTP/1\\.[01] )");
    private static final Set<String> NEVER_ENDING = Set.of("/events");
    private static final Set<String> NOT_IN_THE_ENVELOPE = Set.of("/metrics", "/openapi.json");

    private static PostgresServer server;
    private static Installation installation;
    private static OperatorApi api;
    private static JsonNode contract;

    @BeforeParameterizedClassInvocation(injectArguments = true)
    static void start(Store store, @TempDir Path directory) throws Exception {
        server = TestServers.postgres(directory.resolve("server")).start();
        Path state = directory.resolve("state");
        installation = Installation.start(
                switch (store) {
                    case SQLITE -> StoreSettings.sqlite(state.resolve("control.db"));
                    case POSTGRES -> TestServers.controlDatabase(server);
                },
                state,
                List.of("CREATE TABLE items (name text)"));
        installation.host("one", "127.0.0.1", server);
        installation.tenant("acme");
        api = OperatorApi.of(installation);
        contract = api.get("/openapi.json");
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        installation.close();
        server.close();
    }

    /** Requests as the contract describes them, each with something wrong or odd in it. */
    @Test
    void aRequestThatIsAlmostRightIsAnsweredInTheEnvelope() throws Exception {
        System.out.println("API fuzz: seed " + SEED);
        OddRequests requests = new OddRequests(contract, new Random(SEED));
        for (int i = 0; i < REQUESTS; i++) {
            OddRequests.One request = requests.next();
            if (NEVER_ENDING.contains(request.template())) {
                continue;
            }
            HttpResponse<byte[]> response = send(request);
            assertAnswered(request.toString(), response.statusCode(), response.body());
        }
        assertThat(api.get("/tenants/acme").path("status").asString()).isIn("ready", "suspended", "deleted");
    }

    private static HttpResponse<byte[]> send(OddRequests.One request) throws IOException, InterruptedException {
        HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create(api.base() + request.path()))
                .timeout(PATIENCE)
                .header("Authorization", "Bearer " + api.key())
                .header("Content-Type", request.contentType())
                .method(request.method().toUpperCase(Locale.ROOT), BodyPublishers.ofString(request.body()));
        return api.http().send(builder.build(), BodyHandlers.ofByteArray());
    }

    private static void assertAnswered(String request, int status, byte[] body) {
        String text = new String(body, StandardCharsets.UTF_8);
        assertThat(status).as(request + ": " + text).isNotEqualTo(500).isBetween(200, 501);
        if (status < 400) {
            return;
        }
        JsonNode reply;
        try {
            reply = JsonMapper.shared().readTree(text);
        } catch (JacksonException e) {
            throw new AssertionError(request + ": " + text, e);
        }
        assertThat(reply.path("http_status").asInt(0)).as(request + ": " + text).isEqualTo(status);
        assertThat(reply.path("success").asBoolean(true)).as(text).isFalse();
        assertThat(reply.path("error").asString("")).as(text).isNotBlank();
    }

    @Test
    void everyPathAnswersEveryMethodInTheEnvelope() throws Exception {
        for (String path : contract.path("paths").propertyNames()) {
            for (String method : List.of("get", "post", "put", "patch", "delete", "options", "trace", "propfind")) {
                if (NEVER_ENDING.contains(path) || NOT_IN_THE_ENVELOPE.contains(path)) {
                    continue;
                }
                String at = path.replaceAll("\\{[a-z_]+}", "nobody");
                HttpResponse<byte[]> response = send(new OddRequests.One(path, method, at, "application/json", ""));
                assertAnswered(method + " " + at, response.statusCode(), response.body());
            }
        }
    }

    /** What a well-behaved client library would not send. {@code KEY} stands for the header with the operator's key. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /tenants/../../etc/passwd HTTP/1.1|Host: x|KEY||",
                "GET /tenants/%2e%2e/%2e%2e HTTP/1.1|Host: x|KEY||",
                "GET //tenants//acme HTTP/1.1|Host: x|KEY||",
                "GET /tenants/acme%00 HTTP/1.1|Host: x|KEY||",
                "GET /tenants/acme;x=y HTTP/1.1|Host: x|KEY||",
                "GET /tenants/%zz HTTP/1.1|Host: x|KEY||",
                "GET /tenants\\acme HTTP/1.1|Host: x|KEY||",
                "GET tenants HTTP/1.1|Host: x|KEY||",
                "GET http://elsewhere/tenants HTTP/1.1|Host: x|KEY||",
                "OPTIONS * HTTP/1.1|Host: x|KEY||",
                "CONNECT x:1 HTTP/1.1|Host: x|KEY||",
                "GET /tenants HTTP/1.1|KEY||",
                "GET /tenants HTTP/1.1|Host: x|Host: y|KEY||",
                "GET /tenants HTTP/9.9|Host: x|KEY||",
                "GET /tenants|",
                "POST /projects HTTP/1.1|Host: x|KEY|Content-Length: 5|Transfer-Encoding: chunked||0||GET /hosts"
                        + " HTTP/1.1||",
                "POST /projects HTTP/1.1|Host: x|KEY|Content-Length: 5|Content-Length: 6||{}||",
                "POST /projects HTTP/1.1|Host: x|KEY|Content-Length: -1||{}||",
                "POST /projects HTTP/1.1|Host: x|KEY|Content-Length: 99999999999999999999||{}||",
                "POST /projects HTTP/1.1|Host: x|KEY|Transfer-Encoding: chunked, identity||0||",
                "POST /projects HTTP/1.1|Host: x|KEY|Transfer-Encoding: xchunked||0||",
                "POST /projects HTTP/1.1|Host: x|KEY|Transfer-Encoding : chunked||0||",
                "POST /projects HTTP/1.1|Host: x|KEY|Content-Type: application/json|Transfer-Encoding:"
                        + " chunked||zz||{}||",
                "GET /tenants HTTP/1.1|Host: x|KEY| folded: line||",
                "GET /tenants HTTP/1.1|Host: x|KEY|X-Odd: \u0001||",
                "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003|"
            })
    void whatNoClientShouldSendIsAnsweredInTheEnvelopeOrNotAtAll(String lines) throws IOException {
        String request = lines.replace("|", "\r\n").replace("KEY", "Authorization: Bearer " + api.key());

        String replies = talk(request);

        for (String reply : REPLY_BEGINS.split(replies, -1)) {
            if (!reply.isBlank()) {
                int status = Integer.parseInt(reply.substring(9, 12));
                String body = reply.substring(reply.indexOf("\r\n\r\n") + 4);
                assertAnswered(lines, status, body.getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    @Test
    void requestsThatComeTogetherAreAnsweredInOrder() throws IOException {
        String one = "GET /tenants/%s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + api.key() + "\r\n\r\n";

        String replies = talk(one.formatted("first") + one.formatted("second") + one.formatted("third"));

        List<Integer> at = new ArrayList<>();
        for (String name : List.of("first", "second", "third")) {
            at.add(replies.indexOf("Tenant not found: " + name));
        }
        assertThat(at).isSorted().allMatch(index -> index > 0);
    }

    /** All that comes back until the server says no more. */
    private static String talk(String request) throws IOException {
        try (Socket socket = new Socket(api.base().getHost(), api.base().getPort())) {
            socket.setSoTimeout(Math.toIntExact(PATIENCE.toMillis()));
            OutputStream out = socket.getOutputStream();
            out.write(request.getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
            socket.shutdownOutput();
            InputStream in = socket.getInputStream();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (java.net.SocketException _) {
            return "";
        }
    }
}
