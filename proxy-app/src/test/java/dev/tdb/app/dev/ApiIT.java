package dev.tdb.app.dev;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tdb.app.dev.DevFacts.HostFacts;
import dev.tdb.control.store.StateStore;
import dev.tdb.control.store.StoreSettings;
import dev.tdb.control.store.TenantRows;
import dev.tdb.proxy.credential.ProjectId;
import dev.tdb.proxy.route.Engine;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The assembled program over HTTP, with a real server behind it. */
class ApiIT {
    @TempDir
    static Path temp;

    private static DevEnvironment environment;
    private static DevFacts facts;
    private static Http operator;

    @BeforeAll
    static void start() throws Exception {
        DevOptions options =
                new DevOptions(temp.resolve("state"), false, List.of(new DevEngine(Engine.POSTGRES, 0, "")), 0);
        environment = DevEnvironment.start(options, System.out::println);
        facts = environment.facts();
        operator = Http.of(facts.api().url(), facts.api().key());
    }

    @AfterAll
    static void stop() {
        environment.close();
    }

    private static String create(String tenant) throws Exception {
        JsonNode reply = operator.call(
                201,
                "POST",
                "/tenants",
                "{\"tenant_id\":\"" + tenant + "\",\"databases\":[{\"blueprint\":\"shop\",\"isolation_level\":1}]}");
        assertThat(reply.path("status").asString()).isEqualTo("ready");
        return reply.at("/databases/0/connection/connection_string").asString();
    }

    private static void assertState(String expected, String connectionString) {
        assertThatThrownBy(() -> Strings.ask(connectionString, "SELECT 1"))
                .isInstanceOfSatisfying(
                        SQLException.class,
                        refused -> assertThat(refused.getSQLState()).isEqualTo(expected));
    }

    @Test
    void whatIsPrintedWorksAsItIs() throws Exception {
        for (DevFacts.TenantFacts tenant : facts.tenants()) {
            DevFacts.DatabaseFacts database = tenant.databases().getFirst();

            assertThat(Strings.ask(database.connectionString(), "SELECT count(*) FROM orders"))
                    .isEqualTo("20");
            assertThat(Strings.ask(
                            database.adminConnectionString(),
                            "WITH made AS (SELECT 1) SELECT pg_catalog.has_schema_privilege('public', 'CREATE')"))
                    .isEqualTo("t");
        }
    }

    @Test
    void theProcessSaysHowItIs() throws Exception {
        Http anybody = operator.as("");

        assertThat(anybody.get("/health").path("status").asString()).isEqualTo("healthy");
        JsonNode ready = anybody.get("/ready");
        assertThat(ready.path("status").asString()).isEqualTo("ready");
        assertThat(ready.path("parts").propertyNames())
                .contains("control_database", "listener_postgres", "proxy", "query_log");
        assertThat(anybody.get("/errors").path("errors").size()).isGreaterThan(15);
        assertThat(anybody.get("/regions").at("/regions/0/region").asString()).isEqualTo("local");
        HttpResponse<String> metrics = anybody.send("GET", "/metrics", "");
        assertThat(metrics.headers().firstValue("Content-Type").orElse("")).startsWith("text/plain");
        assertThat(metrics.body())
                .contains("proxy_")
                .contains("admin_http_requests")
                .contains("jvm_memory_used");
    }

    @Test
    void aTenantIsMadeSuspendedResumedTrashedAndRestored() throws Exception {
        String string = create("initech");
        operator.call(409, "POST", "/tenants", "{\"tenant_id\":\"initech\",\"databases\":[{\"blueprint\":\"shop\"}]}");
        assertThat(Strings.ask(string, "SELECT count(*) FROM customers")).isEqualTo("3");

        JsonNode shown = operator.get("/tenants/initech");
        assertThat(shown.at("/databases/0/connection/password").asString()).isEqualTo("••••••••");
        assertThat(shown.toString()).doesNotContain(string);

        operator.call(200, "POST", "/tenants/initech/suspend", "{\"patience\":\"0s\",\"wait\":\"drained\"}");
        assertState("55P03", string);
        assertThat(operator.call(409, "POST", "/tenants/initech/suspend", "")
                        .path("error")
                        .asString())
                .isEqualTo("Tenant 'initech' is suspended. Only ready tenants can be suspended."
                        + " Use POST /tenants/initech/resume");
        operator.call(200, "POST", "/tenants/initech/resume", "");
        assertThat(Strings.ask(string, "SELECT 1")).isEqualTo("1");

        operator.call(200, "DELETE", "/tenants/initech", "");
        assertState("3D000", string);
        String inTrash = "Tenant 'initech' is in trash. Use POST /tenants/initech/restore or DELETE"
                + " /tenants/initech?hard=true";
        for (String path : List.of("/tenants/initech/suspend", "/tenants/initech/resume")) {
            assertThat(operator.call(409, "POST", path, "").path("error").asString())
                    .isEqualTo(inTrash);
        }
        assertThat(operator.call(409, "DELETE", "/tenants/initech", "")
                        .path("error")
                        .asString())
                .isEqualTo(inTrash);
        JsonNode restored = operator.call(200, "POST", "/tenants/initech/restore", "");
        assertThat(restored.path("tenant_id").asString()).isEqualTo("initech");
        assertThat(restored.path("status").asString()).isEqualTo("ready");
        assertThat(restored.path("message").asString()).isEqualTo("Tenant 'initech' restored successfully");
        assertThat(restored.at("/tenant/status").asString()).isEqualTo("ready");
        assertThat(operator.get("/operations/" + restored.path("operation_id").asString())
                        .at("/operation/type")
                        .asString())
                .isEqualTo("restore");
        assertThat(Strings.ask(string, "SELECT count(*) FROM customers")).isEqualTo("3");
        await().until(() -> operator.get("/tenants/initech/logs/stats")
                        .path("total_queries")
                        .asInt()
                > 0);
        operator.call(200, "DELETE", "/tenants/initech?hard=true", "");
        operator.call(404, "GET", "/tenants/initech", "");

        create("initech");
        assertThat(operator.get("/tenants/initech/logs").path("count").asInt(-1))
                .as("what another tenant of the name did")
                .isZero();
        assertThat(operator.get("/tenants/initech/logs/stats")
                        .path("total_queries")
                        .asInt(-1))
                .isZero();
        operator.call(400, "DELETE", "/tenants/initech?keep_backups=true", "");
        operator.call(404, "DELETE", "/tenants/nobody?hard=true&keep_backups=true", "");
        operator.call(501, "DELETE", "/tenants/initech?hard=true&keep_backups=true", "");
        assertThat(operator.get("/tenants/initech").path("status").asString()).isEqualTo("ready");
        operator.call(200, "DELETE", "/tenants/initech?hard=true&keep_backups=false", "");
    }

    @Test
    void aRouteIsFlippedUnderALiveSession() throws Exception {
        String string = create("flipped");
        HostFacts alias = facts.hosts().getLast();
        String to = "{\"host\":\"" + alias.host() + "\",\"port\":" + alias.port();
        try (Connection connection = Strings.connect(string)) {
            Strings.ask(connection, "SELECT set_config('app.tenant', 'x', false)");

            JsonNode dry = operator.call(200, "PUT", "/routes/shop__flipped", to + ",\"dry_run\":true}");
            JsonNode flipped = operator.call(200, "PUT", "/routes/shop__flipped", to + "}");

            assertThat(dry.path("epoch").asInt()).isEqualTo(1);
            assertThat(dry.has("operation_id")).isFalse();
            assertThat(flipped.path("epoch").asInt()).isEqualTo(2);
            assertThat(flipped.path("sessions").asInt()).isEqualTo(1);
            assertThat(flipped.path("closed").asInt()).isZero();
            assertThat(Strings.ask(connection, "SELECT current_setting('app.tenant')"))
                    .isEqualTo("x");
            String operation = flipped.path("operation_id").asString();
            assertThat(operator.get("/operations/" + operation)
                            .at("/operation/state")
                            .asString())
                    .isEqualTo("succeeded");
        }
        assertThat(operator.get("/routes/shop__flipped").at("/route/host").asString())
                .isEqualTo(alias.host());
        operator.call(200, "PUT", "/routes/shop__flipped", "{\"host_id\":\"pg1\"}");
        operator.call(409, "PUT", "/routes/shop__flipped", "{\"host\":\"127.0.0.1\",\"port\":1}");
        operator.call(400, "PUT", "/routes/shop__flipped", "{\"host\":\"127.0.0.1\"}");
        operator.call(400, "PUT", "/routes/shop__flipped", to + ",\"drain_timeout\":\"1ms\"}");
        operator.call(404, "PUT", "/routes/shop__nobody", to + "}");
    }

    @Test
    void aRouteIsSuspendedAndResumed() throws Exception {
        String string = create("resting");

        operator.call(200, "POST", "/routes/shop__resting/suspend", "{\"patience\":0}");
        assertState("55P03", string);
        assertThat(operator.get("/routes/shop__resting").at("/route/state").asString())
                .isEqualTo("suspended");
        operator.call(200, "POST", "/routes/shop__resting/resume", "");

        assertThat(Strings.ask(string, "SELECT 1")).isEqualTo("1");
    }

    @Test
    void queriesAreInTheLogWithinASecondOrSo() throws Exception {
        String string = create("logged");
        Strings.ask(string, "SELECT 'needle ' || 1");

        await().atMost(Duration.ofSeconds(10))
                .until(() -> operator.get("/tenants/logged/logs?search=NEEDLE")
                                .path("count")
                                .asInt()
                        == 1);

        JsonNode entry = operator.get("/tenants/logged/logs?search=needle&since=1h&source=proxy")
                .at("/logs/0");
        assertThat(entry.path("query").asString()).isEqualTo("SELECT 'needle ' || 1");
        assertThat(entry.path("success").asBoolean()).isTrue();
        assertThat(entry.path("rows").asInt()).isEqualTo(1);
        assertThat(operator.get("/tenants/logged/logs/stats")
                        .path("total_queries")
                        .asInt())
                .isPositive();
        JsonNode metrics = operator.get("/tenants/logged/metrics");
        assertThat(metrics.path("isolation_level").asInt()).isEqualTo(1);
        assertThat(metrics.path("database_type").asString()).isEqualTo("PostgreSQL");
        assertThat(metrics.at("/query_metrics/queries_this_hour").asInt()).isPositive();
        assertThat(metrics.at("/query_metrics").propertyNames())
                .contains(
                        "queries_today",
                        "queries_this_week",
                        "avg_latency_ms",
                        "max_latency_ms",
                        "p99_latency_ms",
                        "success_rate",
                        "failed_queries",
                        "slow_queries");
        assertThat(metrics.at("/query_metrics/day/p50_latency_ms").isNumber()).isTrue();
        try (Connection session = Strings.connect(string)) {
            assertThat(session.isValid(5)).isTrue();
            assertThat(operator.get("/tenants/logged/metrics")
                            .at("/database_metrics/connections")
                            .asInt())
                    .isPositive();
        }
        assertThat(operator.get("/tenants/logged/logs?before="
                                + entry.path("id").asString()
                                + "&search=needle")
                        .path("count")
                        .asInt(-1))
                .isZero();
        operator.call(400, "GET", "/tenants/logged/logs?before=here", "");
        operator.call(400, "GET", "/tenants/logged/logs?since=yesterday", "");
        operator.call(400, "GET", "/tenants/logged/logs?limit=1001", "");
        operator.call(400, "GET", "/tenants/logged/logs?type=fast", "");
    }

    @Test
    void keysReachWhatTheirScopeAndRoleSay() throws Exception {
        create("scoped");
        JsonNode made = operator.call(
                201,
                "POST",
                "/apikeys",
                "{\"name\":\"reporting\",\"role\":\"read\",\"scope_type\":\"tenant\",\"scope_values\":[\"scoped\"]}");
        Http reader = operator.as(made.path("key").asString());
        String string = string(made, "shop__scoped");

        assertThat(Strings.ask(string, "SELECT count(*) FROM customers")).isEqualTo("3");
        assertThatThrownBy(() -> Strings.ask(string, "DELETE FROM orders RETURNING 1"))
                .isInstanceOfSatisfying(
                        SQLException.class,
                        refused -> assertThat(refused.getSQLState()).isEqualTo("42501"));
        assertThat(reader.get("/tenants").path("tenants").toString())
                .contains("scoped")
                .doesNotContain("acme");
        reader.call(403, "GET", "/tenants/acme", "");
        reader.call(403, "POST", "/tenants/scoped/suspend", "");
        reader.call(403, "GET", "/routes", "");
        String own = operator.call(200, "POST", "/tenants/scoped/suspend", "")
                .path("operation_id")
                .asString();
        operator.call(200, "POST", "/tenants/scoped/resume", "");
        assertThat(reader.get("/operations/" + own).at("/operation/state").asString())
                .isEqualTo("succeeded");
        String other = operator.get("/operations?tenant_id=acme&limit=1")
                .at("/operations/0/operation_id")
                .asString();
        reader.call(403, "GET", "/operations/" + other, "");
        operator.call(200, "DELETE", "/apikeys/" + made.at("/api_key/id").asString(), "");
        reader.call(401, "GET", "/tenants", "");
    }

    /** How a driver connects with the password of a key that was just made. */
    private static String string(JsonNode key, String database) {
        return "postgresql://" + facts.project() + ":"
                + key.path("proxy_password").asString() + "@"
                + URI.create(facts.tenants().getFirst().databases().getFirst().connectionString())
                        .getAuthority()
                        .replaceFirst(".*@", "")
                + "/" + database;
    }

    private static JsonNode key(String tenant) throws Exception {
        return operator.call(
                201,
                "POST",
                "/apikeys",
                "{\"name\":\"of " + tenant + "\",\"role\":\"write\",\"scope_type\":\"tenant\",\"scope_values\":[\""
                        + tenant + "\"]}");
    }

    private static void assertEnds(Connection session) {
        await().atMost(Duration.ofSeconds(10)).until(() -> !session.isValid(5));
    }

    /** What a transaction is told that is in the middle of something: it has its answers, and then the end. */
    @Test
    void sessionsOfAKeyEndWithTheKey() throws Exception {
        String own = create("revoked");
        JsonNode made = key("revoked");
        String string = string(made, "shop__revoked");
        try (Connection idle = Strings.connect(string);
                Connection busy = Strings.connect(string);
                Connection other = Strings.connect(own)) {
            Strings.ask(idle, "SELECT 1");
            busy.setAutoCommit(false);
            Strings.ask(busy, "INSERT INTO customers (name, email) VALUES ('kept', 'kept@example.com') RETURNING 1");

            operator.call(200, "DELETE", "/apikeys/" + made.at("/api_key/id").asString(), "");

            assertThatThrownBy(() -> Strings.ask(idle, "SELECT 1"))
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            ended -> assertThat(ended.getMessage())
                                    .contains("the password it logged in with is not valid any more"));
            busy.commit();
            assertEnds(busy);
            assertThat(Strings.ask(other, "SELECT count(*) FROM customers WHERE name = 'kept'"))
                    .isEqualTo("1");
            assertState("28P01", string);
        }
    }

    @Test
    void sessionsOfAnOldPasswordEndWhenItsOverlapDoes() throws Exception {
        create("rotated");
        JsonNode made = key("rotated");
        String id = made.at("/api_key/id").asString();
        try (Connection first = Strings.connect(string(made, "shop__rotated"))) {
            JsonNode second = operator.call(200, "POST", "/apikeys/" + id + "/rotate", "{\"overlap\":\"1h\"}");
            try (Connection kept = Strings.connect(string(second, "shop__rotated"))) {
                assertThat(Strings.ask(first, "SELECT 1")).isEqualTo("1");

                JsonNode third = operator.call(200, "POST", "/apikeys/" + id + "/rotate", "{\"overlap\":\"1s\"}");
                try (Connection newest = Strings.connect(string(third, "shop__rotated"))) {
                    assertEnds(first);
                    assertEnds(kept);

                    operator.call(200, "POST", "/apikeys/" + id + "/rotate", "{\"overlap\":\"0s\"}");

                    assertEnds(newest);
                }
            }
        }
        assertState("28P01", string(made, "shop__rotated"));
    }

    @Test
    void aKeyOfABlueprintReachesItsDatabasesAndNoOthersOfTheSameTenant() throws Exception {
        create("twin");
        operator.call(201, "POST", "/blueprints", "{\"name\":\"cache\",\"database_type\":\"redis\"}");
        addDatabaseOfALaterBuild("twin", "cache");
        JsonNode made = operator.call(
                201,
                "POST",
                "/apikeys",
                "{\"name\":\"shops\",\"role\":\"admin\",\"scope_type\":\"blueprint\",\"scope_values\":[\"shop\"]}");
        Http shops = operator.as(made.path("key").asString());

        assertThat(operator.get("/tenants/twin").path("databases").size()).isEqualTo(2);
        assertThat(shops.get("/tenants/twin").path("databases").toString())
                .contains("shop__twin")
                .doesNotContain("cache");
        assertThat(shops.get("/tenants").path("tenants").toString())
                .contains("twin")
                .doesNotContain("cache");
        assertThat(shops.get("/blueprints").path("blueprints").toString())
                .contains("shop")
                .doesNotContain("cache");
        for (String path : List.of("/blueprints/cache", "/blueprints/cache/versions", "/tenants/twin/logs")) {
            assertThat(shops.call(403, "GET", path, "").path("code").asString()).isEqualTo("scope_denied");
        }
        for (String action : List.of("suspend", "resume", "restore", "retry", "backup")) {
            assertThat(shops.call(403, "POST", "/tenants/twin/" + action, "")
                            .path("code")
                            .asString())
                    .isEqualTo("scope_denied");
        }
        shops.call(403, "DELETE", "/tenants/twin?hard=true", "");
        shops.call(
                403, "POST", "/admin/query", "{\"tenant_id\":\"twin\",\"blueprint\":\"cache\",\"query\":\"SELECT 1\"}");
        shops.call(
                200, "POST", "/admin/query", "{\"tenant_id\":\"twin\",\"blueprint\":\"shop\",\"query\":\"SELECT 1\"}");
        shops.call(200, "POST", "/admin/query", "{\"all_tenants\":true,\"blueprint\":\"shop\",\"query\":\"SELECT 1\"}");
        shops.call(
                403, "POST", "/admin/query", "{\"all_tenants\":true,\"blueprint\":\"cache\",\"query\":\"SELECT 1\"}");
        shops.call(200, "GET", "/tenants/twin/deployments", "");
        operator.call(200, "DELETE", "/apikeys/" + made.at("/api_key/id").asString(), "");
    }

    /** Written beside the program, which does not speak that engine yet. */
    private static void addDatabaseOfALaterBuild(String tenant, String blueprint) {
        ProjectId project = new ProjectId(facts.project());
        try (StateStore store =
                StateStore.open(StoreSettings.sqlite(temp.resolve("state").resolve("control.db")))) {
            store.write(tables -> {
                tables.tenants()
                        .insertDatabase(
                                project,
                                tenant,
                                new TenantRows.Database(blueprint, Engine.REDIS, 1, "local", "ready", "", "", 0));
                return tenant;
            });
        }
    }

    @Test
    void aKeyOfATenantSeesItsOwnBlueprintsOnly() throws Exception {
        create("curious");
        operator.call(201, "POST", "/blueprints", "{\"name\":\"hidden\",\"database_type\":\"postgresql\"}");
        JsonNode made = operator.call(
                201,
                "POST",
                "/apikeys",
                "{\"name\":\"c\",\"role\":\"read\",\"scope_type\":\"tenant\",\"scope_values\":[\"curious\"]}");
        Http reader = operator.as(made.path("key").asString());

        assertThat(reader.get("/blueprints").path("blueprints").toString())
                .contains("shop")
                .doesNotContain("hidden");
        assertThat(reader.get("/blueprints/shop").at("/blueprint/name").asString())
                .isEqualTo("shop");
        reader.call(403, "GET", "/blueprints/hidden", "");
        reader.call(403, "GET", "/blueprints/hidden/versions", "");
        assertThat(reader.call(403, "GET", "/events", "").path("code").asString())
                .isEqualTo("scope_denied");
        operator.call(200, "DELETE", "/apikeys/" + made.at("/api_key/id").asString(), "");
    }

    @Test
    void aBlueprintSaysHowLongQueriesOfSuspendedTenantsWait() throws Exception {
        operator.call(
                201,
                "POST",
                "/blueprints",
                "{\"name\":\"patient\",\"database_type\":\"postgresql\",\"settings\":{\"patience\":\"2s\"}}");
        operator.call(
                400,
                "POST",
                "/blueprints",
                "{\"name\":\"other\",\"database_type\":\"postgresql\",\"settings\":{\"nosuch\":1}}");
        operator.call(400, "PATCH", "/blueprints/patient", "{\"settings\":{\"patience\":\"2h\"}}");
        operator.call(404, "PATCH", "/blueprints/nosuch", "{\"settings\":{\"patience\":\"2s\"}}");
        JsonNode made = operator.call(
                201, "POST", "/tenants", "{\"tenant_id\":\"patient\",\"databases\":[{\"blueprint\":\"patient\"}]}");
        String string = made.at("/databases/0/connection/connection_string").asString();
        operator.call(200, "POST", "/tenants/patient/suspend", "{}");
        assertState("55P03", string); // After two seconds.

        operator.call(200, "PATCH", "/blueprints/patient", "{\"settings\":{\"patience\":0}}");

        assertThat(operator.get("/blueprints/patient")
                        .at("/blueprint/settings/patience_ms")
                        .asInt(-1))
                .isZero();
        operator.call(200, "POST", "/tenants/patient/resume", "{}");
        operator.call(200, "POST", "/tenants/patient/suspend", "{}");
        assertState("55P03", string);
        operator.call(200, "DELETE", "/tenants/patient?hard=true", "");
        operator.call(200, "DELETE", "/blueprints/patient", "");
    }

    @Test
    void aProjectThatIsNoneIsNotFoundWhereverItIsNamed() throws Exception {
        for (String path : List.of("/sessions", "/events", "/tenants", "/routes", "/operations", "/apikeys")) {
            assertThat(operator.call(404, "GET", path + "?project=tdb_nobody", "")
                            .path("error")
                            .asString())
                    .isEqualTo("Project not found: tdb_nobody");
        }
    }

    @Test
    void headNeedsAKeyAsGetDoes() throws Exception {
        JsonNode paths = JsonMapper.shared()
                .readTree(operator.send("GET", "/openapi.json", "").body())
                .path("paths");
        for (String path : paths.propertyNames()) {
            JsonNode get = paths.path(path).path("get");
            if (!get.isMissingNode() && !get.path("security").isEmpty()) {
                assertThat(operator.as("")
                                .send("HEAD", path.replaceAll("[{}]", ""), "")
                                .statusCode())
                        .as(path)
                        .isEqualTo(401);
            }
        }
    }

    @Test
    void sessionsAreListedAndEnded() throws Exception {
        String string = create("seen");
        try (Connection connection = Strings.connect(string)) {
            Strings.ask(connection, "SELECT 1");
            JsonNode session = operator.get("/sessions?database=shop__seen")
                    .path("sessions")
                    .get(0);
            assertThat(session.path("client").asString()).startsWith("127.0.0.1:");

            operator.call(200, "DELETE", "/sessions/" + session.path("id").asString(), "");

            assertThatThrownBy(() -> Strings.ask(connection, "SELECT 1")).isInstanceOf(SQLException.class);
        }
        operator.call(404, "DELETE", "/sessions/999999999", "");
    }

    @Test
    void eventsTellWhatChanges() throws Exception {
        create("watched");
        LinkedBlockingQueue<String> lines = new LinkedBlockingQueue<>();
        HttpRequest request = HttpRequest.newBuilder(URI.create(facts.api().url() + "/events"))
                .header("Authorization", "Bearer " + facts.api().key())
                .build();
        HttpResponse<Stream<String>> response = operator.client().send(request, BodyHandlers.ofLines());
        Thread reader = Thread.ofVirtual().start(() -> response.body().forEach(lines::add));
        try {
            operator.call(200, "POST", "/tenants/watched/suspend", "");

            await().atMost(Duration.ofSeconds(10)).until(() -> {
                String line = lines.poll(1, TimeUnit.SECONDS);
                return line != null && line.startsWith("data:") && line.contains("watched");
            });
        } finally {
            response.body().close();
            reader.interrupt();
        }
    }

    @Test
    void aPostIsDoneOnceForAnIdempotencyKey() throws Exception {
        String body = "{\"tenant_id\":\"once\",\"databases\":[{\"blueprint\":\"shop\"}]}";
        HttpRequest request = HttpRequest.newBuilder(URI.create(facts.api().url() + "/tenants"))
                .header("Authorization", "Bearer " + facts.api().key())
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", "once-1")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();

        HttpResponse<String> first = operator.client().send(request, BodyHandlers.ofString());
        HttpResponse<String> second = operator.client().send(request, BodyHandlers.ofString());

        assertThat(first.statusCode()).as(first.body()).isEqualTo(201);
        assertThat(second.body()).isEqualTo(first.body());
    }

    @Test
    void whatCannotBeDoneYetSaysSoButNeverInsteadOfANo() throws Exception {
        operator.call(501, "POST", "/tenants/acme/backup", "");
        operator.call(501, "PATCH", "/tenants/acme/isolation", "{\"isolation_level\":\"L2\",\"blueprint\":\"shop\"}");
        operator.call(400, "PATCH", "/tenants/acme/isolation", "{\"isolation_level\":3,\"blueprint\":\"shop\"}");
        operator.call(404, "POST", "/tenants/nobody/backup", "");
        JsonNode shared =
                operator.call(403, "POST", "/tenants/acme/recover", "{\"timestamp\":\"2026-02-03T17:10:59Z\"}");
        assertThat(shared.path("error").asString()).isEqualTo("PITR is only available for L2 (dedicated) tenants");
    }

    @Test
    void theContractNamesEveryEndpointOnceWithExamplesThatFit() throws Exception {
        Contract contract = operator.contract();
        Set<String> ids = new HashSet<>();

        assertThat(contract.document().path("openapi").asString()).isEqualTo("3.1.0");
        contract.document()
                .path("paths")
                .propertyStream()
                .forEach(path -> path.getValue().propertyStream().forEach(entry -> {
                    String name = entry.getKey() + " " + path.getKey();
                    JsonNode operation = entry.getValue();
                    assertThat(operation.path("summary").asString("")).as(name).isNotBlank();
                    assertThat(ids.add(operation.path("operationId").asString()))
                            .as(name)
                            .isTrue();
                    assertThat(operation.path("responses").has("default"))
                            .as(name)
                            .isTrue();
                    JsonNode body = operation.at("/requestBody/content/application~1json");
                    if (body.isObject() && operation.at("/requestBody/required").asBoolean()) {
                        assertThat(body.has("example")).as(name).isTrue();
                    }
                    if (body.has("example")) {
                        assertThat(contract.complaints(body.path("schema"), body.path("example")))
                                .as(name)
                                .isEmpty();
                    }
                    assertRepliesByExample(name, operation);
                }));
        assertThat(ids).hasSizeGreaterThan(50);
    }

    private static void assertRepliesByExample(String name, JsonNode operation) {
        operation.path("responses").propertyStream().forEach(response -> {
            JsonNode content = response.getValue().at("/content/application~1json");
            boolean success = response.getKey().startsWith("2");
            if (success && content.isObject() && !name.equals("get /openapi.json")) {
                assertThat(content.has("example")).as(name).isTrue();
                assertThat(operator.contract().complaints(content.path("schema"), content.path("example")))
                        .as(name)
                        .isEmpty();
                assertThat(content.at("/example/http_status").asString()).isEqualTo(response.getKey());
            }
        });
    }

    @Test
    void thePageOfTheDocumentsIsTheContract() throws Exception {
        Path page = Path.of("..", "docs", "api.md");
        String made = ApiPage.of(
                operator.contract().document(), operator.get("/errors").path("errors"));

        if (System.getProperty("tdb.docs", "").equals("write")) {
            Files.writeString(page, made);
        }

        assertThat(page).hasContent(made);
    }

    @Test
    void nothingThatIsSentToAnyEndpointIsAFault() throws Exception {
        List<String> names = List.of(
                "x",
                "%00",
                "%2e%2e",
                "..%2f..",
                "%27%3B--",
                "%F0%9F%98%80",
                "a__b",
                "shop__nobody",
                "%ff",
                "a".repeat(5000));
        List<String> bodies = List.of(
                "",
                "{}",
                "[]",
                "{",
                "null",
                "{\"a\":1}",
                "{\"name\":\"\\u0000\"}",
                "{\"tenant_id\":[]}",
                "\u0000",
                "{\"name\":\"x\",\"database_type\":\"Oracle\"}",
                "{\"host\":\" \",\"port\":1}",
                "{\"patience\":1e400}",
                "{\"tenant_id\":\"a__b\",\"databases\":[{\"blueprint\":\"none\"}]}",
                "{\"tenant_id\":\"x\",\"databases\":[{\"blueprint\":\"shop\"},{\"blueprint\":\"shop\"}]}",
                "{\"name\":\"" + "n".repeat(300) + "\"}");
        JsonNode paths = JsonMapper.shared()
                .readTree(operator.send("GET", "/openapi.json", "").body())
                .path("paths");
        for (String path : paths.propertyNames()) {
            if (path.equals("/events")) {
                continue; // Never ends.
            }
            for (String method : paths.path(path).propertyNames()) {
                for (int i = 0; i < Math.max(names.size(), bodies.size()); i++) {
                    String at = path.replaceAll("\\{[a-z_]+}", names.get(i % names.size()));
                    String body = bodies.get(i % bodies.size());
                    HttpResponse<String> response = operator.send(method.toUpperCase(java.util.Locale.ROOT), at, body);

                    assertThat(response.statusCode())
                            .as(() -> method + " " + at + " " + body + ": " + response.body())
                            .isNotEqualTo(500)
                            .isLessThan(502);
                    if (response.statusCode() >= 400) {
                        assertThat(JsonMapper.shared()
                                        .readTree(response.body())
                                        .path("error")
                                        .asString(""))
                                .isNotBlank();
                    }
                }
            }
        }
    }
}
