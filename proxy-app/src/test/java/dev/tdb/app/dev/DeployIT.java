package dev.tdb.app.dev;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tdb.proxy.route.Engine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Deployments and queries of the API over HTTP, on the assembled program. */
class DeployIT {
    @TempDir
    static Path temp;

    private static DevEnvironment environment;
    private static Http operator;

    @BeforeAll
    static void start() throws Exception {
        DevOptions options =
                new DevOptions(temp.resolve("state"), false, List.of(new DevEngine(Engine.POSTGRES, 0, "")), 0);
        environment = DevEnvironment.start(options, System.out::println);
        operator = Http.of(
                environment.facts().api().url(), environment.facts().api().key());
        operator.call(201, "POST", "/blueprints", "{\"name\":\"crm\",\"database_type\":\"postgresql\"}");
        addVersion("CREATE TABLE people (name text)");
    }

    @AfterAll
    static void stop() {
        environment.close();
    }

    private static void addVersion(String statement) throws Exception {
        operator.call(201, "POST", "/blueprints/crm/versions", "{\"statements\":[\"" + statement + "\"]}");
    }

    private static void create(String tenant) throws Exception {
        operator.call(
                201, "POST", "/tenants", "{\"tenant_id\":\"" + tenant + "\",\"databases\":[{\"blueprint\":\"crm\"}]}");
    }

    private static JsonNode ended(String id) {
        Callable<JsonNode> ask = () -> operator.get("/deployments/" + id);
        return await().atMost(Duration.ofMinutes(1))
                .until(ask, reply -> !reply.path("status").asString().equals("in_progress"));
    }

    @Test
    void aVersionGoesToAllTenantsAndIsRemembered() throws Exception {
        create("one");
        create("two");
        operator.call(200, "POST", "/tenants/two/suspend", "");
        addVersion("INSERT INTO people VALUES ('ann')");

        JsonNode begun = operator.call(201, "POST", "/deployments", "{\"blueprint_name\":\"crm\",\"all\":true}");
        JsonNode deployment = ended(begun.path("id").asString());

        assertThat(begun.path("id").asString()).matches("dep_[a-z2-7]{16}");
        assertThat(deployment.path("status").asString()).isEqualTo("completed");
        assertThat(deployment.path("tenants_completed"))
                .isEqualTo(deployment.path("tenants_total"))
                .isNotEqualTo(JsonMapper.shared().valueToTree(0));
        JsonNode result = deployment.at("/results/0");
        assertThat(result.path("status").asString()).isEqualTo("completed");
        assertThat(result.path("duration").asString()).matches("[0-9]+ms");
        JsonNode own = operator.get("/tenants/one/deployments").at("/deployments/0");
        assertThat(own.path("id")).isEqualTo(begun.path("id"));
        assertThat(own.path("from_version").asInt())
                .isLessThan(own.path("version").asInt());
        assertThat(operator.get("/tenants/two").at("/databases/0/version")).isEqualTo(own.path("version"));
        assertThat(operator.get("/operations/" + begun.path("operation_id").asString())
                        .at("/operation/state")
                        .asString())
                .isEqualTo("succeeded");
        assertThat(operator.get("/deployments").path("count").asInt()).isPositive();
        operator.call(409, "POST", "/operations/" + begun.path("operation_id").asString() + "/cancel", "");
        operator.call(409, "POST", "/tenants/one/retry", "");
    }

    @Test
    void wrongDeploymentsAreRefused() throws Exception {
        operator.call(400, "POST", "/deployments", "{\"blueprint_name\":\"crm\"}");
        operator.call(400, "POST", "/deployments", "{\"blueprint_name\":\"crm\",\"all\":true,\"tenants\":[\"one\"]}");
        operator.call(400, "POST", "/deployments", "{\"blueprint_name\":\"crm\",\"all\":true,\"version\":99}");
        operator.call(404, "POST", "/deployments", "{\"blueprint_name\":\"none\",\"deploy_all\":true}");
        operator.call(404, "POST", "/deployments", "{\"blueprint_name\":\"crm\",\"tenants\":[\"nobody\"]}");
        operator.call(404, "GET", "/deployments/dep_x", "");
        operator.call(404, "GET", "/tenants/nobody/deployments", "");
        operator.call(404, "POST", "/operations/op_x/cancel", "");
        operator.call(400, "POST", "/blueprints/crm/versions", "{\"statements\":[\"VACUUM\"]}");
    }

    @Test
    void aQueryAnswersTypedAndIsLogged() throws Exception {
        create("asked");
        String one = "{\"blueprint\":\"crm\",\"tenant_id\":\"asked\",\"query\":";

        JsonNode reply = operator.call(200, "POST", "/admin/query", one + "\"SELECT 1 AS n, true, 'needle', null\"}");

        assertThat(reply.path("columns").get(0).asString()).isEqualTo("n");
        assertThat(reply.path("rows").toString()).isEqualTo("[[1,true,\"needle\",null]]");
        assertThat(reply.path("row_count").asInt()).isEqualTo(1);
        assertThat(reply.path("truncated").asBoolean(true)).isFalse();
        await().until(() -> operator.get("/tenants/asked/logs?source=api&search=needle")
                        .path("count")
                        .asInt()
                == 1);
        JsonNode logged =
                operator.get("/tenants/asked/logs?source=api&search=needle").at("/logs/0");
        assertThat(logged.path("client").asString()).isEqualTo("127.0.0.1");
        assertThat(logged.path("user").asString()).startsWith("key_");
        assertThat(operator.call(400, "POST", "/admin/query", one + "\"DROP TABLE people\"}")
                        .path("error")
                        .asString())
                .contains("DDL");
        operator.call(400, "POST", "/admin/query", one + "\"SELECT 1\",\"all_tenants\":true}");
        operator.call(400, "POST", "/admin/query", "{\"blueprint\":\"crm\",\"query\":\"SELECT 1\"}");
        operator.call(403, "POST", "/admin/query", one + "\"SELECT pg_reload_conf()\"}");
        operator.call(200, "POST", "/tenants/asked/suspend", "");
        operator.call(409, "POST", "/admin/query", one + "\"SELECT 1\"}");

        JsonNode all = operator.call(
                200, "POST", "/admin/query", "{\"blueprint\":\"crm\",\"all_tenants\":true,\"query\":\"SELECT 1\"}");
        assertThat(all.path("results").size())
                .isEqualTo(all.path("total_tenants").asInt(-1));
        assertThat(all.path("results").toString()).contains("suspended");
    }

    @Test
    void aQueryNeedsAnAdministratorsKeyOfTheTenant() throws Exception {
        create("keyed");
        create("other");
        JsonNode made = operator.call(
                201,
                "POST",
                "/apikeys",
                "{\"name\":\"k\",\"role\":\"admin\",\"scope_type\":\"tenant\",\"scope_values\":[\"keyed\"]}");
        Http admin = operator.as(made.path("key").asString());
        String query = "{\"blueprint\":\"crm\",\"query\":\"SELECT 1\",\"tenant_id\":";

        admin.call(200, "POST", "/admin/query", query + "\"keyed\"}");
        admin.call(403, "POST", "/admin/query", query + "\"other\"}");
        admin.call(403, "POST", "/admin/query", "{\"blueprint\":\"crm\",\"query\":\"SELECT 1\",\"all_tenants\":true}");
        admin.call(403, "POST", "/deployments", "{\"blueprint_name\":\"crm\",\"all\":true}");
    }

    @Test
    void aTenantHasOneDatabaseForEachType() throws Exception {
        create("more");
        operator.call(201, "POST", "/blueprints", "{\"name\":\"cache\",\"database_type\":\"redis\"}");

        operator.call(400, "POST", "/tenants/more/databases", "{\"blueprint\":\"shop\"}");
        operator.call(409, "POST", "/tenants/more/databases", "{\"blueprint\":\"crm\"}");
        operator.call(404, "POST", "/tenants/more/databases", "{\"blueprint\":\"none\"}");
        operator.call(501, "POST", "/tenants/more/databases", "{\"blueprint\":\"cache\"}");
        operator.call(404, "POST", "/tenants/nobody/databases", "{\"blueprint\":\"crm\"}");
    }
}
