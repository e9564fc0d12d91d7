package dev.tdb.admin.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tdb.admin.http.RateLimits.Rate;
import dev.tdb.control.ControlException;
import dev.tdb.control.ErrorCode;
import dev.tdb.control.answer.AnswerBounds;
import dev.tdb.control.answer.KeptAnswers;
import dev.tdb.control.key.KeyScope;
import dev.tdb.control.key.Principal;
import dev.tdb.control.secret.EncryptionKeys;
import dev.tdb.control.secret.SecretCipher;
import dev.tdb.control.store.StateStore;
import dev.tdb.control.store.StoreSettings;
import dev.tdb.proxy.credential.ProjectId;
import dev.tdb.proxy.credential.Role;
import dev.tdb.proxy.listen.AddressRange;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The conventions of every reply, over real HTTP, with endpoints made for this test. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HttpServerTest {
    private static final ProjectId PROJECT = new ProjectId("tdb_00000001");
    private static final Map<String, Principal> KEYS = Map.of(
            "operator", new Principal.Operator("op"),
            "admin", new Principal.Member("k1", PROJECT, KeyScope.project(), Role.ADMIN),
            "reader", new Principal.Member("k2", PROJECT, KeyScope.project(), Role.READ));

    private final AtomicInteger made = new AtomicInteger();
    private final HttpClient client = HttpClient.newHttpClient();
    private final List<HttpServer> servers = new ArrayList<>();
    private final Kept kept = Kept.open();
    private final int port = serve(HttpSettings.on("127.0.0.1", 0));

    /** Where answers are kept. */
    private record Kept(StateStore store, KeptAnswers answers) implements AutoCloseable {
        static Kept open() {
            try {
                Path directory = Files.createTempDirectory("tdb-http");
                StateStore store = StateStore.open(StoreSettings.sqlite(directory.resolve("control.db")));
                EncryptionKeys keys = EncryptionKeys.load(directory.resolve("keys"), null);
                SecretCipher cipher = new SecretCipher(keys);
                return new Kept(store, new KeptAnswers(store, cipher, AnswerBounds.standard(), InstantSource.system()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() {
            store.close();
        }
    }

    private int serve(HttpSettings settings) {
        RateLimits limits = new RateLimits(settings.perAddress(), settings.perKey(), System::nanoTime);
        HttpServer server = new HttpServer(
                settings, endpoints(), HttpServerTest::authenticate, limits, kept.answers(), new SimpleMeterRegistry());
        servers.add(server);
        return server.start();
    }

    private static Principal authenticate(String bearer) {
        if (bearer.equals("unheard")) {
            throw new ControlException(ErrorCode.UNAVAILABLE, "the control database is away");
        }
        Principal known = KEYS.get(bearer);
        if (known == null) {
            throw new ControlException(ErrorCode.UNAUTHORIZED, "unknown");
        }
        return known;
    }

    private List<Endpoint> endpoints() {
        return List.of(
                Endpoint.get("/open", Access.PUBLIC, "open", _ -> Reply.ok().with("hello", "world")),
                Endpoint.get(
                                "/things",
                                Access.READ,
                                "list",
                                request -> Reply.ok().withPage("things", List.of(1, 2, 3, 4, 5), request.page()))
                        .query(Field.optional("deep", new Shape.Flag(), "deep"))
                        .paged(),
                Endpoint.get(
                        "/things/{id}",
                        Access.READ,
                        "one",
                        request -> Reply.ok().with("id", request.path("id"))),
                Endpoint.post(
                                "/things",
                                Access.WRITE,
                                "make",
                                request -> Reply.created()
                                        .with("count", made.incrementAndGet())
                                        .with("name", request.body().text("name")))
                        .body(
                                Field.required("name", Shape.text(20), "name"),
                                Field.optional("wait", new Shape.Span(), "wait"),
                                Field.optional("size", new Shape.Whole(1, 10), "size"),
                                Field.optional("sure", new Shape.Flag(), "sure"),
                                Field.optional("kind", Shape.Word.of("a", "b"), "kind"),
                                Field.optional("level", new Shape.Level(), "level"),
                                Field.optional(
                                        "parts",
                                        new Shape.ListOf(
                                                Shape.ObjectOf.of(Field.required("part", Shape.text(5), "part")), 3),
                                        "parts")),
                Endpoint.post("/plain", Access.WRITE, "no body", _ -> Reply.ok()),
                Endpoint.get(
                        "/operator",
                        Access.OPERATOR,
                        "op",
                        request -> Reply.ok()
                                .with(
                                        "project",
                                        request.project().map(ProjectId::value).orElse(""))),
                Endpoint.get("/broken", Access.READ, "broken", _ -> {
                    throw new IllegalStateException("secret detail");
                }),
                Endpoint.get("/gone", Access.READ, "gone", _ -> {
                    throw ControlException.conflict("it is suspended: resume it first", "op_1");
                }),
                new Endpoint(
                        "GET",
                        "/document",
                        Access.PUBLIC,
                        "text",
                        List.of(),
                        List.of(),
                        new Answer.Document("text/plain", () -> "all there is to say")),
                new Endpoint("GET", "/events", Access.READ, "events", List.of(), List.of(), (Answer.Stream)
                        HttpServerTest::events));
    }

    private static Answer.Feed events(Request request) {
        if (request.caller().keyId().equals("k1")) {
            throw Failure.of(Code.SCOPE_DENIED, "not for administrators");
        }
        return events -> {
            events.beat();
            events.send(1, "first", Map.of("n", 1));
            events.send(2, "second", Map.of("n", 2));
        };
    }

    @AfterAll
    void stop() {
        servers.forEach(HttpServer::close);
        client.close();
        kept.close();
    }

    private HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> get(String path, String key) throws IOException, InterruptedException {
        return send(to(path).header("Authorization", "Bearer " + key));
    }

    private HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
        return send(to(path).header("Authorization", "Bearer admin")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body)));
    }

    private static JsonNode enveloped(HttpResponse<String> response, int status, String code) {
        JsonNode reply = JsonMapper.shared().readTree(response.body());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(reply.path("http_status").asInt()).isEqualTo(status);
        assertThat(reply.path("code").asString()).isEqualTo(code);
        assertThat(reply.path("success").asBoolean()).isEqualTo(status < 400);
        assertThat(reply.has("error")).isEqualTo(status >= 400);
        assertThat(response.headers().firstValue("Content-Type").orElse("")).startsWith("application/json");
        return reply;
    }

    @Test
    void aReplyHasTheEnvelopeAndARequestId() throws Exception {
        HttpResponse<String> response = get("/open", "operator");

        assertThat(enveloped(response, 200, "ok").path("hello").asString()).isEqualTo("world");
        assertThat(response.headers().firstValue("X-Request-Id")).isPresent();
    }

    @Test
    void aRequestIdOfTheClientIsKeptUnlessItIsOdd() throws Exception {
        assertThat(send(to("/open").header("X-Request-Id", "abc-1")).headers().firstValue("X-Request-Id"))
                .hasValue("abc-1");
        assertThat(send(to("/open").header("X-Request-Id", "<script>"))
                        .headers()
                        .firstValue("X-Request-Id"))
                .isPresent()
                .get()
                .isNotEqualTo("<script>");
    }

    @Test
    void withoutAKeyItIsAuthRequiredAndWithAWrongOneUnauthorized() throws Exception {
        enveloped(send(to("/things")), 401, "auth_required");
        enveloped(get("/things", "nobody"), 401, "unauthorized");
        enveloped(send(to("/things").header("Authorization", "Basic abc")), 401, "unauthorized");
        enveloped(get("/things", "x".repeat(5000)), 401, "unauthorized");
    }

    @Test
    void whatIsPublicIsAnsweredThoughNobodyCanTellWhoseKeyItIs() throws Exception {
        assertThat(get("/open", "unheard").statusCode()).isEqualTo(200);
        assertThat(get("/document", "unheard").statusCode()).isEqualTo(200);
        assertThat(get("/things", "unheard").statusCode()).isEqualTo(503);
    }

    @Test
    void rolesAndScopesAreAsked() throws Exception {
        enveloped(get("/operator", "admin"), 403, "scope_denied");
        HttpRequest.Builder make = to("/things").header("Authorization", "Bearer reader");
        enveloped(send(make.POST(BodyPublishers.ofString("{}"))), 403, "role_required");
    }

    @Test
    void theOperatorNamesAProject() throws Exception {
        assertThat(enveloped(get("/operator?project=tdb_x", "operator"), 200, "ok")
                        .path("project")
                        .asString())
                .isEqualTo("tdb_x");
        enveloped(get("/operator?project=../x", "operator"), 400, "bad_request");
        enveloped(get("/things?project=tdb_other", "admin"), 403, "scope_denied");
        enveloped(
                send(to("/operator?project=tdb_x")
                        .header("Authorization", "Bearer operator")
                        .header("X-Project", "tdb_y")),
                400,
                "bad_request");
    }

    @Test
    void listsComeInPages() throws Exception {
        JsonNode page = enveloped(get("/things?limit=2&offset=2", "reader"), 200, "ok");

        assertThat(page.path("things").toString()).isEqualTo("[3,4]");
        assertThat(page.path("count").asInt()).isEqualTo(2);
        assertThat(page.path("has_more").asBoolean()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "limit=0",
                "limit=1001",
                "limit=x",
                "limit=",
                "offset=-1",
                "limit=1&limit=2",
                "nosuch=1",
                "deep=yes",
                "limit=99999999999999999999",
                "offset=2147483648",
                "%00=1",
                "limit=%ff"
            })
    void aParameterThatDoesNotFitIsNamed(String query) throws Exception {
        enveloped(get("/things?" + query, "reader"), 400, "bad_request");
    }

    static Stream<String> badBodies() {
        return Stream.of(
                "{",
                "[]",
                "\"text\"",
                "12",
                "null",
                "true",
                "{\"name\":\"a\"} x",
                "{\"name\":\"a\",\"name\":\"b\"}",
                "{}",
                "{\"name\":null}",
                "{\"name\":1}",
                "{\"name\":\"\"}",
                "{\"name\":\"" + "a".repeat(21) + "\"}",
                "{\"name\":\"a\\u0000b\"}",
                "{\"name\":\"\\ud800\"}",
                "{\"name\":\"a\",\"other\":1}",
                "{\"name\":\"a\",\"wait\":\"ten\"}",
                "{\"name\":\"a\",\"wait\":-1}",
                "{\"name\":\"a\",\"wait\":1e999999999}",
                "{\"name\":\"a\",\"wait\":\"99999999999d\"}",
                "{\"name\":\"a\",\"size\":0}",
                "{\"name\":\"a\",\"size\":1.5}",
                "{\"name\":\"a\",\"size\":99999999999999999999999}",
                "{\"name\":\"a\",\"size\":\"1\"}",
                "{\"name\":\"a\",\"sure\":\"true\"}",
                "{\"name\":\"a\",\"kind\":\"c\"}",
                "{\"name\":\"a\",\"level\":3}",
                "{\"name\":\"a\",\"parts\":{}}",
                "{\"name\":\"a\",\"parts\":[]}",
                "{\"name\":\"a\",\"parts\":[1]}",
                "{\"name\":\"a\",\"parts\":[{\"part\":\"toolong\"}]}",
                "{\"name\":\"a\",\"parts\":[{\"part\":\"a\",\"x\":1}]}",
                "[".repeat(100_000),
                "{\"a\":".repeat(50_000),
                "{\"name\":" + "9".repeat(100_000) + "}");
    }

    @ParameterizedTest
    @MethodSource("badBodies")
    void aBodyThatDoesNotFitIsABadRequest(String body) throws Exception {
        enveloped(post("/things", body), 400, "bad_request");
    }

    @Test
    void theSentenceNamesTheField() throws Exception {
        JsonNode reply = enveloped(post("/things", "{\"name\":\"a\",\"parts\":[{\"part\":7}]}"), 400, "bad_request");

        assertThat(reply.path("error").asString()).isEqualTo("field 'parts[0].part' is 7, expected text");
    }

    @Test
    void whateverFitsIsTaken() throws Exception {
        String body =
                "{\"name\":\"ünï ❤ 😀\",\"wait\":\"1.5h\",\"size\":10,\"sure\":true,\"kind\":\"b\",\"level\":\"L2\","
                        + "\"parts\":[{\"part\":\"a\"}]}";

        assertThat(enveloped(post("/things", body), 201, "created").path("name").asString())
                .isEqualTo("ünï ❤ 😀");
    }

    @Test
    void bytesThatAreNotUtf8AreABadRequest() throws Exception {
        byte[] latin = "{\"name\":\"\u00fc\"}".getBytes(StandardCharsets.ISO_8859_1);

        enveloped(
                send(to("/things")
                        .header("Authorization", "Bearer admin")
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofByteArray(latin))),
                400,
                "bad_request");
    }

    @Test
    void aLargeBodyIsRefusedWhetherItsLengthIsKnownOrNot() throws Exception {
        byte[] large = new byte[(1 << 20) + 1];
        Arrays.fill(large, (byte) ' ');
        HttpRequest.Builder known = to("/things").header("Authorization", "Bearer admin");
        HttpRequest.Builder chunked = to("/things").header("Authorization", "Bearer admin");

        enveloped(send(known.POST(BodyPublishers.ofByteArray(large))), 413, "payload_too_large");
        enveloped(
                send(chunked.POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(large)))),
                413,
                "payload_too_large");
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "application/json; charset=latin1", "application/xml", "nonsense"})
    void anotherTypeOfBodyIsUnsupported(String type) throws Exception {
        enveloped(
                send(to("/things")
                        .header("Authorization", "Bearer admin")
                        .header("Content-Type", type)
                        .POST(BodyPublishers.ofString("{\"name\":\"a\"}"))),
                415,
                "unsupported_media_type");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", " {} "})
    void whereNoBodyIsNeededNoneOfAnyTypeIsTaken(String body) throws Exception {
        enveloped(
                send(to("/plain")
                        .header("Authorization", "Bearer admin")
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString(body))),
                200,
                "ok");
    }

    @Test
    void anAcceptHeaderThatExcludesJsonIsNotAcceptable() throws Exception {
        enveloped(send(to("/open").header("Accept", "text/html")), 406, "not_acceptable");
        enveloped(send(to("/open").header("Accept", "application/json;q=0, text/html")), 406, "not_acceptable");
        enveloped(send(to("/open").header("Accept", "text/html, application/*;q=0.5")), 200, "ok");
        enveloped(send(to("/open").header("Accept", "*/*")), 200, "ok");
    }

    @Test
    void aWrongMethodSaysWhichThereAre() throws Exception {
        HttpResponse<String> response = send(to("/things").DELETE());

        enveloped(response, 405, "method_not_allowed");
        assertThat(response.headers().firstValue("Allow").orElse(""))
                .contains("GET")
                .contains("POST");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/nosuch",
                "/things/a/b",
                "/things/%2e%2e/open",
                "//open",
                "/things/..;/open",
                "/things/%2f",
                "/things/%00",
                "/things/%c0%ae",
                "/things/%",
                "/%ff",
                "/things/a%0d%0aX-Evil:1",
                "/\u0001"
            })
    void anyPathIsAnsweredInTheEnvelope(String path) throws Exception {
        String reply =
                raw("GET " + path + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer admin\r\nConnection: close\r\n\r\n");

        assertThat(reply).contains("\"http_status\":").contains("\"code\":").doesNotContain("\nX-Evil:");
        assertThat(Integer.parseInt(reply.substring(9, 12))).isIn(200, 400, 404);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /open HTTP/9.9\r\n\r\n",
                "NONSENSE\r\n\r\n",
                "GET /open HTTP/1.1\r\n\r\n",
                "GET /open HTTP/1.1\r\nHost: x\r\nContent-Length: abc\r\n\r\n",
                "POST /things HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n{}   ",
                "POST /things HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\nzz\r\n",
                "BREW /open HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
            })
    void whatIsHardlyHttpIsNeverAFault(String request) throws Exception {
        String reply = raw(request);

        assertThat(reply).startsWith("HTTP/1.1 4").contains("\"success\":false");
    }

    /** A body that nobody wants comes late: what follows it must still be answered. */
    @ParameterizedTest
    @ValueSource(strings = {"GET /document", "GET /open", "POST /things", "GET /nosuch", "PUT /open"})
    void aBodyThatNobodyWantsDoesNotEndTheConnection(String wanted) throws Exception {
        byte[] body = new byte[300_000];
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(10_000);
            OutputStream out = socket.getOutputStream();
            out.write((wanted + " HTTP/1.1\r\nHost: x\r\nContent-Length: " + body.length + "\r\n\r\n")
                    .getBytes(StandardCharsets.UTF_8));
            out.write(body, 0, 1000);
            out.flush();
            assertThat(socket.getInputStream().available()).isZero();
            out.write(body, 1000, body.length - 1000);
            out.write("GET /open HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".getBytes(StandardCharsets.UTF_8));

            String replies = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(replies.split("HTTP/1.1 ", -1)).as(replies).hasSize(3);
            assertThat(replies).contains("\"hello\":\"world\"");
        }
    }

    @Test
    void aPathThatIsNoneIsAnsweredThoughItsBodyComesLate() throws Exception {
        byte[] body = new byte[2 << 20];
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(10_000);
            OutputStream out = socket.getOutputStream();
            out.write(("POST /things/%00 HTTP/1.1\r\nHost: x\r\nContent-Length: " + body.length + "\r\n\r\n")
                    .getBytes(StandardCharsets.UTF_8));
            out.write(body);

            String reply = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(reply).startsWith("HTTP/1.1 400").contains("\"success\":false");
        }
    }

    /** It reads its reply when all is sent, and would lose it to a reset if the server closed before. */
    @ParameterizedTest
    @ValueSource(strings = {"POST /things", "GET /document", "GET /nosuch"})
    void whoSendsFarTooMuchReadsThatTheConnectionEnds(String wanted) throws Exception {
        byte[] chunk = new byte[1 << 20];
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(10_000);
            OutputStream out = socket.getOutputStream();
            out.write((wanted + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer admin\r\nContent-Length: "
                            + (chunk.length * 50) + "\r\n\r\n")
                    .getBytes(StandardCharsets.UTF_8));
            for (int i = 0; i < 50; i++) {
                out.write(chunk);
            }

            String reply = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(reply).startsWith("HTTP/1.1 ").contains("Connection: close");
        }
    }

    private String raw(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void noDamagedBodyIsAFault(long seed) throws Exception {
        Random random = new Random(seed);
        byte[] good = "{\"name\":\"a\",\"wait\":\"5s\",\"size\":3,\"parts\":[{\"part\":\"x\"}]}"
                .getBytes(StandardCharsets.UTF_8);
        for (int round = 0; round < 100; round++) {
            byte[] damaged = good.clone();
            for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            HttpResponse<String> response = send(to("/things")
                    .header("Authorization", "Bearer admin")
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofByteArray(damaged)));

            assertThat(response.statusCode())
                    .as(() -> "seed " + seed + ": " + Arrays.toString(damaged) + " " + response.body())
                    .isIn(201, 400);
        }
    }

    @Test
    void aFaultIsToldByIdOnly() throws Exception {
        HttpResponse<String> response = get("/broken", "admin");

        JsonNode reply = enveloped(response, 500, "internal_error");
        assertThat(response.headers().firstValue("X-Request-Id"))
                .hasValue(reply.path("request_id").asString());
        assertThat(response.body()).doesNotContain("secret detail");
    }

    @Test
    void aNoOfTheControlPlaneKeepsItsSentenceAndItsOperation() throws Exception {
        JsonNode reply = enveloped(get("/gone", "admin"), 409, "conflict");

        assertThat(reply.path("error").asString()).isEqualTo("it is suspended: resume it first");
        assertThat(reply.path("operation_id").asString()).isEqualTo("op_1");
    }

    /** Each with a connection of its own, faster than they are accepted. */
    @Test
    void whoeverComesAtOnceWithManyIsAnswered() throws Exception {
        List<Future<String>> answers = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 400; i++) {
                answers.add(threads.submit(() -> {
                    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                        socket.getOutputStream()
                                .write("GET /open HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
                                        .getBytes(StandardCharsets.US_ASCII));
                        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                    }
                }));
            }
            for (Future<String> answer : answers) {
                assertThat(answer.get()).startsWith("HTTP/1.1 200 ");
            }
        }
    }

    @Test
    void thePostWithTheSameIdempotencyKeyIsDoneOnce() throws Exception {
        int before = made.get();
        HttpResponse<String> first = postOnce("k-1", "{\"name\":\"a\"}");
        HttpResponse<String> second = postOnce("k-1", "{\"name\":\"a\"}");
        HttpResponse<String> other = postOnce("k-1", "{\"name\":\"b\"}");

        assertThat(second.body()).isEqualTo(first.body());
        assertThat(second.headers().firstValue("Idempotency-Replayed")).hasValue("true");
        enveloped(other, 409, "conflict");
        assertThat(made).hasValue(before + 1);
    }

    private HttpResponse<String> postOnce(String key, String body) throws IOException, InterruptedException {
        return send(to("/things")
                .header("Authorization", "Bearer admin")
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", key)
                .POST(BodyPublishers.ofString(body)));
    }

    /** Two requests at once from an address, and one more each second. */
    private static HttpSettings strict(int keyBurst, boolean loopbackExempt, AddressRange... forwardedFrom) {
        return new HttpSettings(
                "127.0.0.1",
                0,
                1 << 20,
                100,
                10,
                new Rate(1, 2),
                new Rate(1, keyBurst),
                loopbackExempt,
                true,
                List.of(forwardedFrom),
                Optional.empty());
    }

    @Test
    void tooManyRequestsAreToldWhenToComeAgain() throws Exception {
        int limited = serve(strict(3, false));
        List<Integer> anonymous = statuses(limited, "/open", "", 4);
        List<Integer> keyed = statuses(limited, "/things", "admin", 5);
        List<Integer> operator = statuses(limited, "/things", "operator", 10);

        assertThat(anonymous).containsExactly(200, 200, 429, 429);
        assertThat(keyed).containsExactly(200, 200, 200, 429, 429);
        assertThat(operator).containsOnly(200);
    }

    @Test
    void guessingKeysCostsAsMuchAsHavingNone() throws Exception {
        int limited = serve(strict(3, false));

        assertThat(statuses(limited, "/things", "guess", 4)).containsExactly(401, 401, 429, 429);
        assertThat(statuses(limited, "/things", "", 3)).containsExactly(401, 401, 429);
    }

    @Test
    void knownKeysDoNotUseUpTheirAddress() throws Exception {
        int limited = serve(strict(100, false));

        assertThat(statuses(limited, "/things", "admin", 10)).containsOnly(200);
    }

    @Test
    void whatAReverseProxyHasPassedOnIsNotExempt() throws Exception {
        int limited = serve(strict(3, true));

        assertThat(statuses(limited, "/open", "", 5)).containsOnly(200);
        assertThat(forwarded(limited, "203.0.113.1", "203.0.113.2", "203.0.113.3"))
                .containsExactly(200, 200, 429);
    }

    @Test
    void whoIsBelievedTellsTheClientsApart() throws Exception {
        int limited = serve(strict(3, true, AddressRange.parse("127.0.0.1")));

        assertThat(forwarded(limited, "203.0.113.1", "203.0.113.2", "203.0.113.3", "203.0.113.1"))
                .containsOnly(200);
        assertThat(forwarded(limited, "6.6.6.6, 203.0.113.1", "7.7.7.7, 203.0.113.1"))
                .as("what the client itself has put in front is not believed")
                .containsOnly(429);
    }

    private List<Integer> forwarded(int at, String... headers) throws IOException, InterruptedException {
        List<Integer> statuses = new ArrayList<>();
        for (String header : headers) {
            statuses.add(send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + at + "/open"))
                            .header("X-Forwarded-For", header))
                    .statusCode());
        }
        return statuses;
    }

    @ParameterizedTest
    @ValueSource(strings = {"/things", "/things/a", "/operator", "/events", "/broken"})
    void headIsAskedForAKeyAsGetIs(String path) throws Exception {
        assertThat(head(path, "").statusCode()).isEqualTo(401);
        assertThat(head(path, "guess").statusCode()).isEqualTo(401);
    }

    @Test
    void headAnswersAsGetDoesWithoutTheBody() throws Exception {
        HttpResponse<String> things = head("/things", "reader");

        assertThat(things.statusCode()).isEqualTo(200);
        assertThat(things.body()).isEmpty();
        assertThat(things.headers().firstValue("Content-Type").orElse("")).startsWith("application/json");
        assertThat(head("/operator", "admin").statusCode()).isEqualTo(403);
        assertThat(head("/events", "reader").statusCode()).isEqualTo(200);
        assertThat(head("/nosuch", "reader").statusCode()).isEqualTo(404);
    }

    private HttpResponse<String> head(String path, String key) throws IOException, InterruptedException {
        HttpRequest.Builder request = to(path).method("HEAD", BodyPublishers.noBody());
        return send(key.isEmpty() ? request : request.header("Authorization", "Bearer " + key));
    }

    private List<Integer> statuses(int at, String path, String key, int count)
            throws IOException, InterruptedException {
        List<Integer> statuses = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + at + path));
            if (!key.isEmpty()) {
                request.header("Authorization", "Bearer " + key);
            }
            HttpResponse<String> response = send(request);
            if (response.statusCode() == 429) {
                enveloped(response, 429, "rate_limited");
                assertThat(response.headers().firstValueAsLong("Retry-After")).isPresent();
            }
            statuses.add(response.statusCode());
        }
        return statuses;
    }

    @Test
    void whoMayNotListenIsToldSoInsteadOfAStream() throws Exception {
        enveloped(get("/events", "admin"), 403, "scope_denied");
    }

    @Test
    void eventsComeAsAStream() throws Exception {
        HttpResponse<String> response = get("/events", "reader");

        assertThat(response.headers().firstValue("Content-Type").orElse("")).startsWith("text/event-stream");
        assertThat(response.body())
                .contains("id: 1\nevent: first\ndata: {\"n\":1}\n\n")
                .contains("id: 2\nevent: second\ndata: {\"n\":2}\n\n");
    }
}
