package dev.tdb.control.tenant;

import dev.tdb.control.ControlException;
import dev.tdb.control.store.Tables;
import dev.tdb.control.store.TenantRows;
import dev.tdb.proxy.credential.ProjectId;
import dev.tdb.proxy.route.DatabaseName;
import java.time.Instant;
import java.util.List;

/** Puts tenants together from their rows. */
final class TenantViews {
    private TenantViews() {}

    static Tenant required(Tables tables, ProjectId project, String id) {
        return tables.tenants().find(project, id).map(row -> view(tables, row)).orElseThrow(() -> missing(id));
    }

    static ControlException missing(String id) {
        return ControlException.notFound("Tenant not found: " + id);
    }

    static Tenant view(Tables tables, TenantRows.Row row) {
        List<TenantRows.Database> rows = tables.tenants().databases(row.project(), row.id());
        List<TenantDatabase> databases = rows.stream()
                .map(database -> new TenantDatabase(
                        new DatabaseName(database.blueprint(), row.id()),
                        database.engine(),
                        database.isolationLevel(),
                        database.region(),
                        TenantStatus.parse(database.status()),
                        database.version()))
                .toList();
        String detail = rows.stream()
                .map(TenantRows.Database::statusDetail)
                .filter(text -> !text.isEmpty())
                .findFirst()
                .orElse("");
        return new Tenant(
                row.project(),
                row.id(),
                Tenant.status(databases),
                detail,
                databases,
                Instant.ofEpochMilli(row.createdAt()));
    }
}
