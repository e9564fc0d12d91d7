package dev.tdb.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import tools.jackson.databind.json.JsonMapper;

/** The commands against an API that answers what the test says, and remembers what it was asked. */
class CommandLineTest {
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private volatile int status = 200;
    private volatile String answer = "{}";

    /** What is answered before {@link #answer}, in order. */
    private final Queue<String> answers = new ConcurrentLinkedQueue<>();

    private HttpServer api;

    @BeforeEach
    void start() throws IOException {
        api = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        api.createContext("/", this::answer);
        api.start();
    }

    @AfterEach
    void stop() {
        api.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + body + " "
                + exchange.getRequestHeaders()
                        .getOrDefault("Authorization", List.of("-"))
                        .getFirst());
        byte[] bytes = Objects.requireNonNullElse(answers.poll(), answer).getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    /** What a command printed, and how it ended. */
    private record Ended(int code, String out, String err) {}

    private static Ended plain(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Tdb.run(new PrintWriter(out), new PrintWriter(err), arguments);
        return new Ended(code, out.toString(), err.toString());
    }

    private Ended run(String... arguments) {
        String url = "http://127.0.0.1:" + api.getAddress().getPort();
        List<String> all = new java.util.ArrayList<>(List.of(arguments));
        all.addAll(List.of("--url", url, "--key", "k1"));
        return plain(all.toArray(String[]::new));
    }

    @Test
    void aListIsATableForPeople() {
        answer = """
            {"success":true,"routes":[
             {"database":"shop__acme","database_type":"PostgreSQL","host_id":"pg1","host":"127.0.0.1","port":5501,
              "epoch":3,"state":"open","changed_at":"2026-01-01T00:00:00Z"},
             {"database":"s__b","database_type":"PostgreSQL","host_id":"","host":"::1","port":5501,
              "epoch":12,"state":"suspended","changed_at":"2026-01-01T00:00:00Z"}],"has_more":true}\
            """;

        Ended ended = run("routes", "list", "--limit", "2");

        assertThat(ended.code()).isZero();
        assertThat(ended.out()).isEqualToNormalizingNewlines("""
            DATABASE    TYPE        HOST  ADDRESS         EPOCH  STATE      CHANGED
            shop__acme  PostgreSQL  pg1   127.0.0.1:5501  3      open       2026-01-01T00:00:00Z
            s__b        PostgreSQL        [::1]:5501      12     suspended  2026-01-01T00:00:00Z
            … and more: see --limit and --offset
            """);
        assertThat(asked).containsExactly("GET /routes?limit=2&offset=0  Bearer k1");
    }

    @Test
    void jsonIsTheAnswerAndNothingElse() {
        answer = "{\"success\":true,\"tenants\":[],\"count\":0}";

        Ended ended = run("tenants", "list", "--json");

        assertThat(JsonMapper.shared().readTree(ended.out()).path("count").asInt(-1))
                .isZero();
        assertThat(ended.err()).isEmpty();
    }

    @Test
    void aFlipIsAskedAndReported() {
        answer = """
            {"success":true,"database":"shop__acme","dry_run":false,"from":{"host":"a","port":1},
             "to":{"host":"b","port":2},"epoch":4,"same_server":false,"sessions":9,"held":5,"drained":3,"moved":7,
             "stayed":1,"closed":1,"closed_by_reason":{"temporary table":1},"hold_ms":12.345,
             "steps":[{"step":"guard","ms":8.1}],"warnings":["the server is older"],"operation_id":"op_1"}\
            """;

        Ended ended = run(
                "routes", "flip", "shop__acme", "--to", "[::1]:2", "--drain-timeout", "5s", "--on-deadline", "kill");

        assertThat(ended.out()).isEqualToNormalizingNewlines("""
            shop__acme moved a:1 → b:2, epoch 4
              on hold    12.3 ms
              sessions   9: 5 waited, 3 drained, 7 moved, 1 stayed, 1 closed
              closed     1: temporary table
              steps      guard 8.1 ms
              warning    the server is older
              operation  op_1
            """);
        assertThat(asked.getFirst())
                .startsWith("PUT /routes/shop__acme {")
                .contains("\"host\":\"::1\"")
                .contains("\"port\":2")
                .contains("\"drain_timeout\":\"5s\"")
                .contains("\"on_deadline\":\"kill\"");
    }

    @Test
    void aNoEndsWithOneAndItsSentence() {
        status = 409;
        answer = "{\"success\":false,\"code\":\"conflict\",\"error\":\"it is suspended\",\"operation_id\":\"op_7\"}";

        Ended ended = run("tenants", "resume", "acme");

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.out()).isEmpty();
        assertThat(ended.err()).contains("conflict: it is suspended").contains("tdb operations get op_7");
    }

    @Test
    void whatTheApiSaysToCallIsSaidAsACommand() {
        status = 409;
        answer = refusal("Tenant 'acme' is in trash. Use POST /tenants/acme/restore or DELETE /tenants/acme?hard=true");

        assertThat(run("tenants", "create", "acme", "--blueprint", "shop").err())
                .isEqualToNormalizingNewlines(
                        "tdb: conflict: Tenant 'acme' is in trash. Use tdb tenants restore acme or tdb tenants delete"
                                + " acme --hard\n");
        answer = refusal("Tenant 'acme' already exists and is ready. Take another name, or see GET /tenants/acme");
        assertThat(run("tenants", "create", "acme", "--blueprint", "shop").err())
                .endsWith("or see tdb tenants get acme" + System.lineSeparator());
        status = 200;
        answer = "{\"success\":true,\"message\":\"Version 3 of 'shop' is on its way: see GET /deployments/dep_1\"}";
        assertThat(run("tenants", "retry", "acme").out()).contains("see tdb deployments get dep_1 --watch");
        assertThat(run("tenants", "retry", "acme", "--json").out()).contains("see GET /deployments/dep_1\"");
    }

    @Test
    void whereToLookForWhatWasNotFoundIsSaid() {
        status = 404;
        answer = refusal("Blueprint not found: nope");

        assertThat(run("tenants", "create", "acme", "--blueprint", "nope").err())
                .endsWith("see: tdb blueprints list" + System.lineSeparator());
    }

    private static String refusal(String sentence) {
        return "{\"success\":false,\"code\":\"conflict\",\"error\":\"" + sentence + "\"}";
    }

    @Test
    void aTenantThatDoesNotServeIsShownWithWhatWouldHelp() {
        answer = "{\"success\":true,\"tenant_id\":\"acme\",\"status\":\"suspended\",\"databases\":[]}";

        assertThat(run("tenants", "get", "acme").out()).isEqualToNormalizingNewlines("""
            acme is suspended
              let it go on: tdb tenants resume acme
            it has no databases
            """);
    }

    @Test
    void withJsonANoIsPrintedToo() {
        status = 404;
        answer = "{\"success\":false,\"code\":\"not_found\",\"error\":\"Tenant not found: x\"}";

        Ended ended = run("tenants", "get", "x", "--json");

        assertThat(ended.code()).isEqualTo(1);
        assertThat(JsonMapper.shared().readTree(ended.out()).path("code").asString())
                .isEqualTo("not_found");
    }

    @Test
    void nobodyThereEndsWithThreeAndAHint() throws Exception {
        int port;
        try (ServerSocket probe = new ServerSocket(0)) {
            port = probe.getLocalPort();
        }

        Ended ended = plain("routes", "list", "--url", "http://127.0.0.1:" + port, "--key", "secret-key");

        assertThat(ended.code()).isEqualTo(3);
        assertThat(ended.err()).contains("./tdb dev").doesNotContain("secret-key");
    }

    @Test
    void aDeploymentIsWatchedUntilItEnds() {
        answers.add("{\"success\":true,\"id\":\"dep_1\",\"status\":\"in_progress\"}");
        answers.add(deployment("in_progress", 1, 0));
        answer = deployment("failed", 2, 1);

        Ended ended = run("deployments", "create", "--blueprint", "shop", "--all", "--version", "3", "--watch");

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.err())
                .startsWith("shop version 3: 1/3 tenants")
                .contains("deployment dep_1 is failed")
                .contains("deploy again");
        assertThat(ended.out()).isEqualToNormalizingNewlines("""
            shop version 3 is failed: 2/3 tenants, 1 failed
            TENANT  STATUS     FROM  DURATION  ERROR
            acme    completed  1     12ms
            globex  failed     1     8ms       it is full
            """);
        assertThat(asked)
                .containsExactly(
                        "POST /deployments {\"blueprint_name\":\"shop\",\"version\":3,\"all\":true} Bearer k1",
                        "GET /deployments/dep_1  Bearer k1",
                        "GET /deployments/dep_1  Bearer k1");
    }

    private static String deployment(String status, int completed, int failed) {
        return """
            {"success":true,"id":"dep_1","blueprint_name":"shop","version":3,"status":"%s","tenants_total":3,
             "tenants_completed":%d,"tenants_failed":%d,"tenants_cancelled":0,"results":[
              {"tenant_id":"acme","status":"completed","from_version":1,"duration":"12ms"},
              {"tenant_id":"globex","status":"failed","from_version":1,"duration":"8ms","error":"it is full"}]}\
            """.formatted(status, completed, failed);
    }

    @Test
    void whoWatchesWithJsonReadsTheLastAnswerOnly() {
        answers.add("{\"success\":true,\"operation\":{\"type\":\"deployment\",\"state\":\"running\",\"progress\":10}}");
        answer = "{\"success\":true,\"operation\":{\"type\":\"deployment\",\"state\":\"succeeded\",\"progress\":100}}";

        Ended ended = run("operations", "get", "op_1", "--watch", "--json");

        assertThat(ended.code()).isZero();
        assertThat(JsonMapper.shared()
                        .readTree(ended.out())
                        .at("/operation/progress")
                        .asInt())
                .isEqualTo(100);
        assertThat(ended.err()).isEmpty();
    }

    @Test
    void aQueryIsATableAndAllTenantsAreNamed() {
        answer = """
            {"success":true,"results":[{"tenant_id":"acme","columns":["n","note"],"rows":[[1,"a\\nb"],[20,null]],
             "row_count":2,"truncated":true},{"tenant_id":"globex","error":"it is suspended"}],
             "total_tenants":2,"failed_tenants":1}\
            """;

        Ended ended = run("query", "--blueprint", "shop", "--all", "SELECT n, note FROM t");

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.err()).contains("1 of 2 tenants refused it");
        assertThat(ended.out()).isEqualToNormalizingNewlines("""
            — acme
            n   note
            1   a b
            20
            … and more: only the first 2 rows are answered
            — globex
            it is suspended
            """);
    }

    @Test
    void secretsArePrintedOnceAndSaidToBe() {
        answer = """
            {"success":true,"api_key":{"id":"key_1"},"key":"tdb_sk_1","proxy_password":"tdb_2"}\
            """;

        Ended ended = run(
                "keys", "create", "--name", "ci", "--role", "read", "--scope-type", "tenant", "--scope-values", "a,b");

        assertThat(ended.out()).contains("tdb_sk_1").contains("tdb_2").contains("not shown again");
        assertThat(asked.getFirst())
                .startsWith("POST /apikeys {\"name\":\"ci\",\"role\":\"read\",\"scope_type\":\"tenant\","
                        + "\"scope_values\":[\"a\",\"b\"]}");
    }

    @Test
    void aVersionIsReadFromFiles(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("7.sql"), "CREATE TABLE t (n int)");
        answer = "{\"success\":true,\"version\":{\"version\":7}}";

        Ended ended = run("versions", "add", "shop", "--file", file.toString(), "--statement", "SELECT 1");

        assertThat(ended.out()).contains("version 7 of shop").contains("tdb deployments create --blueprint shop");
        assertThat(asked.getFirst())
                .startsWith("POST /blueprints/shop/versions"
                        + " {\"statements\":[\"CREATE TABLE t (n int)\",\"SELECT 1\"]}");
    }

    @Test
    void whatAServerSaysCannotSteerTheTerminal() {
        String evil = "\u001b[2J\u009b31m\u202egnp\rx";
        answer = JsonMapper.shared()
                .createObjectNode()
                .put("success", true)
                .put("message", evil)
                .set(
                        "tenants",
                        JsonMapper.shared()
                                .createArrayNode()
                                .add(JsonMapper.shared().createObjectNode().put("tenant_id", evil + "\nroot")))
                .toString();

        for (Ended ended : List.of(
                run("tenants", "list"),
                run("tenants", "restore", "acme"),
                run("tenants", "list", "--json"),
                run("metrics"))) {
            assertThat(ended.out()).contains("\\u001B[2J").doesNotContain("\u001b", "\u009b", "\u202e", "gnp\r");
        }
        assertThat(JsonMapper.shared()
                        .readTree(run("tenants", "list", "--json").out())
                        .path("message")
                        .asString())
                .isEqualTo(evil);
        assertThat(run("tenants", "list").out().lines()).hasSize(2);
        status = 409;
        answer = "{\"success\":false,\"code\":\"conflict\",\"error\":\"\\u001b]0;x\\u0007\"}";
        assertThat(run("tenants", "resume", "x").err())
                .contains("\\u001B]0;x\\u0007")
                .doesNotContain("\u001b");
    }

    @Test
    void namesMayBeGivenAsTheReferenceHasThem() {
        answer = "{\"success\":true,\"version\":{\"version\":1,\"statements\":[\"SELECT 1\"]}}";

        run("projects", "create", "--name", "demo");
        run("blueprints", "create", "--name", "shop", "--type", "mysql");
        run("tenants", "create", "--name", "acme", "--blueprint", "shop", "--isolation", "1");
        run("query", "--query", "SELECT 1", "--blueprint", "shop", "--tenant", "acme");
        run("deployments", "create", "--blueprint", "shop", "--version", "3", "--all");
        run("deployments", "status", "dep_1", "--limit", "5", "--offset", "10");
        run("apikeys", "list");
        run("keys", "list");
        run("tenants", "logs", "acme", "--before", "e1");
        run("projects", "create", "demo", "--idempotency-key", "once");
        Ended version = run("versions", "get", "shop", "1", "--json");

        assertThat(asked)
                .map(line -> line.replace(" Bearer k1", ""))
                .containsExactly(
                        "POST /projects {\"name\":\"demo\"}",
                        "POST /blueprints {\"name\":\"shop\",\"database_type\":\"mysql\"}",
                        "POST /tenants {\"tenant_id\":\"acme\",\"databases\":[{\"blueprint\":\"shop\","
                                + "\"isolation_level\":\"1\"}]}",
                        "POST /admin/query {\"blueprint\":\"shop\",\"query\":\"SELECT 1\",\"tenant_id\":\"acme\"}",
                        "POST /deployments {\"blueprint_name\":\"shop\",\"version\":3,\"all\":true}",
                        "GET /deployments/dep_1?limit=5&offset=10 ",
                        "GET /apikeys?limit=100&offset=0 ",
                        "GET /apikeys?limit=100&offset=0 ",
                        "GET /tenants/acme/logs?limit=50&before=e1 ",
                        "POST /projects {\"name\":\"demo\"}",
                        "GET /blueprints/shop/versions/1 ");
        assertThat(JsonMapper.shared().readTree(version.out()).path("success").asBoolean())
                .isTrue();
    }

    @Test
    void whatABlueprintSaysIsSetWhenItIsMadeAndLater() {
        run("blueprints", "create", "shop", "--patience", "10s");
        run("blueprints", "update", "shop", "--patience", "2m");

        assertThat(asked)
                .map(line -> line.replace(" Bearer k1", ""))
                .containsExactly(
                        "POST /blueprints {\"name\":\"shop\",\"database_type\":\"postgres\","
                                + "\"settings\":{\"patience\":\"10s\"}}",
                        "PATCH /blueprints/shop {\"settings\":{\"patience\":\"2m\"}}");
    }

    @Test
    void anUnknownKeyIsSaidWhereItCameFrom() {
        status = 401;
        answer = "{\"success\":false,\"code\":\"unauthorized\",\"error\":\"the key is not known\"}";

        assertThat(run("tenants", "list").err()).contains("the key was taken from --key");
    }

    @Test
    void bashCompletesCommandsOptionsAndTheirWords(@TempDir Path folder) throws Exception {
        Path script = Files.writeString(
                folder.resolve("completion"), plain("completion").out());

        assertThat(completions(script, "tdb", "dep")).containsExactly("deployments");
        assertThat(completions(script, "tdb", "tenants", "susp")).containsExactly("suspend");
        assertThat(completions(script, "tdb", "apikeys", "create", "--scope-t")).containsExactly("--scope-type");
        assertThat(completions(script, "tdb", "apikeys", "create", "--role", ""))
                .contains("read", "write", "admin");
    }

    private static List<String> completions(Path script, String... words) throws Exception {
        String line =
                "source " + script + "; COMP_WORDS=(" + String.join(" ", words).replaceAll(" $", " ''")
                        + "); COMP_CWORD=" + (words.length - 1) + "; _complete_tdb; printf '%s\\n' \"${COMPREPLY[@]}\"";
        Process bash = new ProcessBuilder("bash", "-c", line).start();
        String out = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(bash.waitFor())
                .as(new String(bash.getErrorStream().readAllBytes(), StandardCharsets.UTF_8))
                .isZero();
        return out.lines().map(String::strip).toList();
    }

    @Test
    void everyCommandHasAHelpText() {
        CommandLine root = new CommandLine(new Tdb());
        for (CommandLine command : all(root)) {
            assertThat(command.getCommandSpec().usageMessage().description())
                    .as(command.getCommandSpec().qualifiedName())
                    .isNotEmpty();
            command.getCommandSpec()
                    .options()
                    .forEach(option -> assertThat(option.description())
                            .as(command.getCommandSpec().qualifiedName() + " " + option.longestName())
                            .isNotEmpty());
            command.getCommandSpec()
                    .positionalParameters()
                    .forEach(parameter -> assertThat(parameter.description())
                            .as(command.getCommandSpec().qualifiedName() + " " + parameter.paramLabel())
                            .isNotEmpty());
        }
    }

    private static List<CommandLine> all(CommandLine command) {
        return Stream.concat(
                        Stream.of(command),
                        command.getSubcommands().values().stream().flatMap(sub -> all(sub).stream()))
                .toList();
    }

    @Test
    void eventsAreALineEachUntilTheStreamEnds() {
        answer = """
            id: 1
            event: tenant.status
            data: {"at":"2026-01-01T00:00:00Z","project":"p","tenant_id":"acme","data":{"status":"ready"}}

            :\s

            id: 2
            event: tenant.status
            data: {"at":"2026-01-01T00:00:01Z","project":"p","tenant_id":"globex","data":{"status":"ready"}}

            """;

        assertThat(run("events", "--tenant", "acme").out())
                .isEqualToNormalizingNewlines("2026-01-01T00:00:00Z  tenant.status  acme  status=ready\n");
        assertThat(run("events", "--json").out().lines())
                .hasSize(2)
                .first()
                .asString()
                .startsWith("{\"type\":\"tenant.status\"");
    }

    @Test
    void theHelpNamesWhatThisBuildCanDoAndNothingElse() {
        String help = plain("--help").out() + plain("tenants", "--help").out();

        assertThat(help)
                .contains("projects", "apikeys", "blueprints", "versions", "deployments", "query", "events", "logs")
                .contains("delete", "restore", "retry", "stats", "metrics")
                .doesNotContain("backup", "rollback", "recover", "isolation", "migrate");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "deployments create --blueprint shop",
                "deployments create --blueprint shop --all --tenant acme",
                "query --blueprint shop x",
                "query --blueprint shop --all --tenant acme x",
                "versions add shop",
                "versions add shop --file /nowhere/x.sql",
                "hosts update pg1",
                "keys create",
                "tenants create --blueprint shop",
                "tenants create acme --name acme --blueprint shop",
                "query --blueprint shop --tenant acme",
                "query x --query x --blueprint shop --tenant acme",
                "config set",
                "tenants logs acme --limit many",
                "tenants",
                "routes flip",
                "routes flip shop__acme",
                "routes flip shop__acme --to nowhere",
                "routes flip shop__acme --to a:1 --host-id b",
                "routes nosuch",
                "nosuch",
                "tenants list --nosuch",
                "dev --only oracle",
                "dev --only mongodb",
                "dev --port-api 70000",
                "serve",
                "serve --config /nowhere/tdb.yaml",
                "config check /nowhere/tdb.yaml"
            })
    void aWrongCommandLineEndsWithTwo(String line) {
        Ended ended = plain(line.split(" "));

        assertThat(ended.code()).as(ended.err()).isEqualTo(2);
        assertThat(ended.err()).isNotBlank();
    }

    @Test
    void aWrongCommandLineIsSaidInTwoLines() {
        assertThat(plain("tenants", "create", "acme").err()).isEqualToNormalizingNewlines("""
            tdb: missing required option: '--blueprint=NAME'
              see: tdb tenants create --help
            """);
        assertThat(plain("tenants", "lst").err()).isEqualToNormalizingNewlines("""
            tdb: there is no command 'lst'; did you mean list?
              see: tdb tenants --help
            """);
        assertThat(plain("tenants", "list", "--limt", "5").err()).isEqualToNormalizingNewlines("""
            tdb: unknown options: '--limt', '5'; did you mean --limit?
              see: tdb tenants list --help
            """);
        assertThat(plain("versions", "add", "shop", "--file", "/nowhere/x.sql").err())
                .isEqualToNormalizingNewlines("tdb: there is no file /nowhere/x.sql\n");
        assertThat(plain("tenants").err()).startsWith("Usage: tdb tenants");
    }

    @Test
    void anAddressThatIsNoneIsUsage() {
        assertThat(plain("health", "--url", "not an address", "--key", "k").code())
                .isEqualTo(2);
        assertThat(plain("health", "--url", "http://127.0.0.1:1", "--key", "a\nb")
                        .code())
                .isEqualTo(2);
    }

    @Test
    void anotherProgramAtTheAddressIsSaidToBeOne() {
        answer = "<html>";

        assertThat(run("routes", "list").code()).isEqualTo(3);
    }

    @Test
    void helpAndVersionAndCompletionArePrinted() {
        assertThat(plain("--help").out()).contains("routes").contains("dev");
        assertThat(plain("--version").out())
                .startsWith("tdb ")
                .isEqualTo(plain("version").out());
        assertThat(plain("routes", "flip", "--help").out()).contains("--drain-timeout");
        assertThat(plain("completion").out()).contains("complete -F");
    }

    @Test
    void aGoodFileIsSaidToBeGood(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("tdb.yaml"), "listeners:\n  postgres:\n    plaintext: loopback\n");

        Ended ended = plain("config", "check", file.toString());

        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(ended.out()).contains("is good");
    }

    @Test
    void aNewKeyGoesBeforeTheOthersAndEverythingIsEncryptedWithIt(@TempDir Path folder) throws IOException {
        Path config = folder.resolve("tdb.yaml");
        Files.writeString(config, "listeners:\n  postgres:\n    plaintext: everybody\n");

        assertThat(plain("secrets", "new-key", "--config", config.toString()).code())
                .isEqualTo(1);
        Ended first = plain("secrets", "rotate", "--config", config.toString());
        Ended added = plain("secrets", "new-key", "--config", config.toString());
        Ended second = plain("secrets", "rotate", "--config", config.toString());

        assertThat(first.out()).contains("encrypted anew with key k1");
        assertThat(added.out()).startsWith("Key k2 is the first of " + folder.resolve("keys"));
        assertThat(second.out()).contains("encrypted anew with key k2");
        assertThat(Files.readAllLines(folder.resolve("keys")))
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("k2="),
                        line -> assertThat(line).startsWith("k1="));
    }

    @Test
    void anOperatorsKeyIsMadeByWhoHasTheControlDatabase(@TempDir Path folder) throws IOException {
        Path config = folder.resolve("tdb.yaml");
        Files.writeString(config, "listeners:\n  postgres:\n    plaintext: everybody\n");

        Ended made = plain("secrets", "operator-key", "--config", config.toString(), "--overlap", "0s");

        assertThat(made.code()).as(made.err()).isZero();
        assertThat(made.out()).matches("The operator key, shown this once: tdb_sk_[0-9a-f]{64}\\s*");
        assertThat(plain("secrets", "operator-key", "--config", config.toString(), "--overlap", "soon")
                        .err())
                .contains("--overlap is \"soon\", expected a duration");
    }
}
