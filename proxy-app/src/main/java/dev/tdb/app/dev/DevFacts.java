package dev.tdb.app.dev;

import dev.tdb.control.tenant.ConnectionStrings;
import dev.tdb.proxy.credential.Secret;
import dev.tdb.proxy.route.DatabaseName;
import java.util.List;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/** What {@code .tdb/dev.json} says while {@code tdb dev} runs. Holds secrets: for its owner only. */
record DevFacts(Api api, String project, List<TenantFacts> tenants, List<HostFacts> hosts, long pid) {
    static final String FILE = "dev.json";

    record Api(String url, String key) {}

    record TenantFacts(String tenantId, List<DatabaseFacts> databases) {}

    record DatabaseFacts(
            String blueprint, String databaseType, String connectionString, String adminConnectionString) {}

    record HostFacts(
            String hostId, String databaseType, String host, int port, String adminUser, String adminPassword) {}

    static DevFacts of(String apiUrl, Demo.Made demo, ConnectionStrings strings, List<LocalServer> servers) {
        return new DevFacts(
                new Api(apiUrl, demo.operatorKey().reveal()),
                demo.project().value(),
                demo.tenants().stream()
                        .map(access -> new TenantFacts(
                                access.tenant(),
                                demo.blueprints().stream()
                                        .map(blueprint -> new DatabaseFacts(
                                                blueprint.name(),
                                                blueprint.engine().title(),
                                                string(strings, demo, blueprint, access.tenant(), access.write()),
                                                string(strings, demo, blueprint, access.tenant(), access.admin())))
                                        .toList()))
                        .toList(),
                servers.stream()
                        .flatMap(server -> server.hosts().stream())
                        .map(host -> new HostFacts(
                                host.id(),
                                host.engine().title(),
                                host.address().host(),
                                host.address().port(),
                                host.adminUser(),
                                host.adminPassword().reveal()))
                        .toList(),
                ProcessHandle.current().pid());
    }

    private static String string(
            ConnectionStrings strings, Demo.Made demo, DemoBlueprint blueprint, String tenant, Secret password) {
        return strings.of(
                blueprint.engine(), demo.project(), new DatabaseName(blueprint.name(), tenant), password.reveal());
    }

    String json() {
        return JsonMapper.builder()
                        .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                        .build()
                        .writerWithDefaultPrettyPrinter()
                        .writeValueAsString(this)
                + "\n";
    }

    @Override
    public String toString() {
        return "DevFacts[" + api.url() + ", " + project + "]";
    }
}
