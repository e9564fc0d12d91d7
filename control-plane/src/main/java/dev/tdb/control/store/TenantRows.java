package dev.tdb.control.store;

import dev.tdb.proxy.credential.ProjectId;
import dev.tdb.proxy.route.Engine;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Tenants and their databases. */
public final class TenantRows {
    /** One tenant. */
    public record Row(ProjectId project, String id, long createdAt) {}

    /**
     * One database of a tenant.
     *
     * @param statusBefore what a restore from the trash goes back to; empty outside the trash
     */
    public record Database(
            String blueprint,
            Engine engine,
            int isolationLevel,
            String region,
            String status,
            String statusBefore,
            String statusDetail,
            int version) {}

    private final Handle handle;

    TenantRows(Handle handle) {
        this.handle = handle;
    }

    public void insert(Row row) {
        handle.createUpdate("INSERT INTO tenants (project_id, id, created_at) VALUES (:project, :id, :createdAt)")
                .bind("project", row.project().value())
                .bind("id", row.id())
                .bind("createdAt", row.createdAt())
                .execute();
    }

    public void insertDatabase(ProjectId project, String tenant, Database database) {
        handle.createUpdate("INSERT INTO tenant_databases (project_id, tenant, blueprint, engine, isolation_level,"
                        + " region, status, status_before, status_detail, version) VALUES (:project, :tenant,"
                        + " :blueprint, :engine, :level, :region, :status, :before, :detail, :version)")
                .bind("project", project.value())
                .bind("tenant", tenant)
                .bind("blueprint", database.blueprint())
                .bind("engine", database.engine().word())
                .bind("level", database.isolationLevel())
                .bind("region", database.region())
                .bind("status", database.status())
                .bind("before", database.statusBefore())
                .bind("detail", database.statusDetail())
                .bind("version", database.version())
                .execute();
    }

    public List<Row> list(ProjectId project, int limit, int offset) {
        return handle.createQuery("SELECT * FROM tenants WHERE project_id = :project"
                        + " ORDER BY id LIMIT :limit OFFSET :offset")
                .bind("project", project.value())
                .bind("limit", limit)
                .bind("offset", offset)
                .map((rs, ctx) -> row(rs))
                .list();
    }

    /** Those in the trash since {@code at} or longer, and those that are being removed, of every project. */
    public List<Row> trashedUntil(long at) {
        return handle.createQuery(
                        "SELECT * FROM tenants WHERE deleted_at <= :at OR removing = 1 ORDER BY deleted_at, id")
                .bind("at", at)
                .map((rs, ctx) -> row(rs))
                .list();
    }

    public int count(ProjectId project) {
        return handle.createQuery("SELECT count(*) FROM tenants WHERE project_id = :project")
                .bind("project", project.value())
                .mapTo(Integer.class)
                .one();
    }

    public Optional<Row> find(ProjectId project, String id) {
        return handle.createQuery("SELECT * FROM tenants WHERE project_id = :project AND id = :id")
                .bind("project", project.value())
                .bind("id", id)
                .map((rs, ctx) -> row(rs))
                .findOne();
    }

    public List<Database> databases(ProjectId project, String tenant) {
        return handle.createQuery("SELECT * FROM tenant_databases WHERE project_id = :project AND tenant = :tenant"
                        + " ORDER BY blueprint")
                .bind("project", project.value())
                .bind("tenant", tenant)
                .map((rs, ctx) -> database(rs))
                .list();
    }

    /** The tenants that have a database of a blueprint, in the trash too. */
    public List<String> withBlueprint(ProjectId project, String blueprint) {
        return handle.createQuery("SELECT tenant FROM tenant_databases WHERE project_id = :project"
                        + " AND blueprint = :blueprint ORDER BY tenant")
                .bind("project", project.value())
                .bind("blueprint", blueprint)
                .mapTo(String.class)
                .list();
    }

    /** Those of {@link #withBlueprint} that are not in the trash. */
    public List<String> keptWithBlueprint(ProjectId project, String blueprint) {
        return handle.createQuery("SELECT tenant FROM tenant_databases WHERE project_id = :project"
                        + " AND blueprint = :blueprint AND status <> 'deleted' ORDER BY tenant")
                .bind("project", project.value())
                .bind("blueprint", blueprint)
                .mapTo(String.class)
                .list();
    }

    public Optional<Database> database(ProjectId project, String tenant, String blueprint) {
        return databases(project, tenant).stream()
                .filter(database -> database.blueprint().equals(blueprint))
                .findFirst();
    }

    /** Removes one database of a tenant, with its route and logins. */
    public void deleteDatabase(ProjectId project, String tenant, String blueprint) {
        handle.createUpdate("DELETE FROM tenant_databases WHERE project_id = :project AND tenant = :tenant"
                        + " AND blueprint = :blueprint")
                .bind("project", project.value())
                .bind("tenant", tenant)
                .bind("blueprint", blueprint)
                .execute();
    }

    /** Changes the status of one database. */
    public void status(ProjectId project, String tenant, String blueprint, String status, String detail) {
        handle.createUpdate("UPDATE tenant_databases SET status = :status, status_detail = :detail,"
                        + " status_before = '' WHERE project_id = :project AND tenant = :tenant"
                        + " AND blueprint = :blueprint")
                .bind("status", status)
                .bind("detail", detail)
                .bind("project", project.value())
                .bind("tenant", tenant)
                .bind("blueprint", blueprint)
                .execute();
    }

    /** Puts all databases of a tenant into the trash, each remembering its status. */
    public void trash(ProjectId project, String tenant, long at) {
        handle.createUpdate("UPDATE tenant_databases SET status_before = status, status = 'deleted'"
                        + " WHERE project_id = :project AND tenant = :tenant AND status <> 'deleted'")
                .bind("project", project.value())
                .bind("tenant", tenant)
                .execute();
        handle.createUpdate("UPDATE tenants SET deleted_at = coalesce(deleted_at, :at)"
                        + " WHERE project_id = :project AND id = :tenant")
                .bind("at", at)
                .bind("project", project.value())
                .bind("tenant", tenant)
                .execute();
    }

    /** From now on what belongs to a tenant may be gone from its servers. */
    public void removing(ProjectId project, String tenant) {
        handle.createUpdate("UPDATE tenants SET removing = 1 WHERE project_id = :project AND id = :tenant")
                .bind("project", project.value())
                .bind("tenant", tenant)
                .execute();
    }

    public boolean isBeingRemoved(ProjectId project, String tenant) {
        return handle.createQuery("SELECT count(*) FROM tenants WHERE project_id = :project AND id = :tenant"
                                + " AND removing = 1")
                        .bind("project", project.value())
                        .bind("tenant", tenant)
                        .mapTo(Integer.class)
                        .one()
                > 0;
    }

    /** Takes all databases of a tenant out of the trash. */
    public void untrash(ProjectId project, String tenant) {
        handle.createUpdate("UPDATE tenant_databases SET status = status_before, status_before = ''"
                        + " WHERE project_id = :project AND tenant = :tenant AND status = 'deleted'")
                .bind("project", project.value())
                .bind("tenant", tenant)
                .execute();
        handle.createUpdate("UPDATE tenants SET deleted_at = NULL WHERE project_id = :project AND id = :tenant")
                .bind("project", project.value())
                .bind("tenant", tenant)
                .execute();
    }

    public void version(ProjectId project, String tenant, String blueprint, int version) {
        handle.createUpdate("UPDATE tenant_databases SET version = :version WHERE project_id = :project"
                        + " AND tenant = :tenant AND blueprint = :blueprint")
                .bind("version", version)
                .bind("project", project.value())
                .bind("tenant", tenant)
                .bind("blueprint", blueprint)
                .execute();
    }

    /** Removes a tenant with its databases, routes and logins. */
    public void delete(ProjectId project, String id) {
        handle.createUpdate("DELETE FROM tenants WHERE project_id = :project AND id = :id")
                .bind("project", project.value())
                .bind("id", id)
                .execute();
    }

    private static Row row(ResultSet rs) throws SQLException {
        return new Row(new ProjectId(rs.getString("project_id")), rs.getString("id"), rs.getLong("created_at"));
    }

    private static Database database(ResultSet rs) throws SQLException {
        return new Database(
                rs.getString("blueprint"),
                Engine.parse(rs.getString("engine")),
                rs.getInt("isolation_level"),
                rs.getString("region"),
                rs.getString("status"),
                rs.getString("status_before"),
                rs.getString("status_detail"),
                rs.getInt("version"));
    }
}
