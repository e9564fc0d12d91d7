package dev.tdb.admin.resource;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.tdb.admin.http.Reply;
import dev.tdb.control.tenant.ConnectionStrings;
import dev.tdb.control.tenant.PublicEndpoint;
import dev.tdb.control.tenant.Tenant;
import dev.tdb.control.tenant.TenantDatabase;
import dev.tdb.proxy.credential.Secret;
import java.time.Instant;
import java.util.List;

/** Tenants as replies show them. */
final class TenantViews {
    private final ConnectionStrings strings;

    TenantViews(ConnectionStrings strings) {
        this.strings = strings;
    }

    record Status(String tenantId, String status) {}

    record Listed(String tenantId, String status, List<ListedDatabase> databases, Instant createdAt) {}

    record ListedDatabase(String blueprint, String databaseType, int isolationLevel, String status) {}

    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    record CreatedDatabase(
            String blueprint, String databaseType, int isolationLevel, String region, CreatedConnection connection) {}

    record CreatedConnection(String database, String connectionString) {}

    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    record ShownDatabase(
            String blueprint,
            String databaseType,
            int isolationLevel,
            String region,
            String status,
            Connection connection,
            String connectionString,
            int version) {}

    record Connection(String host, int port, String database, String username, String password) {}

    List<Listed> listed(List<Tenant> tenants) {
        return tenants.stream()
                .map(tenant -> new Listed(
                        tenant.id(),
                        tenant.status().word(),
                        tenant.databases().stream()
                                .map(database -> new ListedDatabase(
                                        database.blueprint(),
                                        database.engine().title(),
                                        database.isolationLevel(),
                                        database.status().word()))
                                .toList(),
                        tenant.createdAt()))
                .toList();
    }

    /** With the password, for the one reply that shows it. */
    List<CreatedDatabase> created(Tenant tenant, Secret password) {
        return tenant.databases().stream()
                .map(database -> new CreatedDatabase(
                        database.blueprint(),
                        database.engine().title(),
                        database.isolationLevel(),
                        database.region(),
                        new CreatedConnection(
                                strings.database(database.engine(), database.name()),
                                strings.of(database.engine(), tenant.project(), database.name(), password.reveal()))))
                .toList();
    }

    Reply shown(Reply reply, Tenant tenant) {
        Reply shown = reply.with("tenant_id", tenant.id())
                .with("status", tenant.status().word())
                .with(
                        "databases",
                        tenant.databases().stream()
                                .map(database -> shown(tenant, database))
                                .toList())
                .with("created_at", tenant.createdAt());
        return tenant.statusDetail().isEmpty() ? shown : shown.with("status_detail", tenant.statusDetail());
    }

    private ShownDatabase shown(Tenant tenant, TenantDatabase database) {
        PublicEndpoint at = strings.endpoint(database.engine());
        return new ShownDatabase(
                database.blueprint(),
                database.engine().title(),
                database.isolationLevel(),
                database.region(),
                database.status().word(),
                new Connection(
                        at.host(),
                        at.port(),
                        strings.database(database.engine(), database.name()),
                        strings.user(database.engine(), tenant.project(), database.name()),
                        ConnectionStrings.MASK),
                strings.of(database.engine(), tenant.project(), database.name(), ConnectionStrings.MASK),
                database.version());
    }
}
