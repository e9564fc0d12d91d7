package dev.tdb.control.store;

import dev.tdb.proxy.credential.ProjectId;
import dev.tdb.proxy.route.Engine;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Blueprints, their versions and statements. */
public final class BlueprintRows {
    /**
     * One blueprint.
     *
     * @param currentVersion the newest there is, 0 when there is none; read, not written
     * @param lastVersion the highest number that was given, also when that version was taken back
     * @param tenants read, not written
     */
    public record Row(
            ProjectId project,
            String name,
            Engine engine,
            int currentVersion,
            int lastVersion,
            int tenants,
            long patienceMillis,
            long createdAt) {}

    /** One version, without its statements. */
    public record Version(int version, long createdAt) {}

    private static final String SELECT =
            "SELECT b.project_id, b.name, b.engine, b.last_version, b.patience_ms, b.created_at,"
                    + " (SELECT coalesce(max(v.version), 0) FROM blueprint_versions v"
                    + " WHERE v.project_id = b.project_id AND v.blueprint = b.name) AS current_version,"
                    + " (SELECT count(*) FROM tenant_databases d"
                    + " WHERE d.project_id = b.project_id AND d.blueprint = b.name) AS tenants FROM blueprints b";

    private final Handle handle;

    BlueprintRows(Handle handle) {
        this.handle = handle;
    }

    public void insert(ProjectId project, String name, Engine engine, long patienceMillis, long createdAt) {
        handle.createUpdate("INSERT INTO blueprints (project_id, name, engine, patience_ms, created_at)"
                        + " VALUES (:project, :name, :engine, :patience, :createdAt)")
                .bind("patience", patienceMillis)
                .bind("project", project.value())
                .bind("name", name)
                .bind("engine", engine.word())
                .bind("createdAt", createdAt)
                .execute();
    }

    public void patience(ProjectId project, String name, long patienceMillis) {
        handle.createUpdate(
                        "UPDATE blueprints SET patience_ms = :patience WHERE project_id = :project AND name = :name")
                .bind("project", project.value())
                .bind("name", name)
                .bind("patience", patienceMillis)
                .execute();
    }

    /** A version with the number after {@link Row#lastVersion()}. */
    public void insertVersion(ProjectId project, String name, int version, List<String> statements, long createdAt) {
        handle.createUpdate(
                        "UPDATE blueprints SET last_version = :version WHERE project_id = :project AND name = :name")
                .bind("project", project.value())
                .bind("name", name)
                .bind("version", version)
                .execute();
        handle.createUpdate("INSERT INTO blueprint_versions (project_id, blueprint, version, created_at)"
                        + " VALUES (:project, :name, :version, :createdAt)")
                .bind("project", project.value())
                .bind("name", name)
                .bind("version", version)
                .bind("createdAt", createdAt)
                .execute();
        for (int i = 0; i < statements.size(); i++) {
            handle.createUpdate("INSERT INTO blueprint_statements (project_id, blueprint, version, ordinal, statement)"
                            + " VALUES (:project, :name, :version, :ordinal, :statement)")
                    .bind("project", project.value())
                    .bind("name", name)
                    .bind("version", version)
                    .bind("ordinal", i)
                    .bind("statement", statements.get(i))
                    .execute();
        }
    }

    public List<Row> list(ProjectId project) {
        return handle.createQuery(SELECT + " WHERE b.project_id = :project ORDER BY b.name")
                .bind("project", project.value())
                .map((rs, ctx) -> row(rs))
                .list();
    }

    public Optional<Row> find(ProjectId project, String name) {
        return handle.createQuery(SELECT + " WHERE b.project_id = :project AND b.name = :name")
                .bind("project", project.value())
                .bind("name", name)
                .map((rs, ctx) -> row(rs))
                .findOne();
    }

    public List<Version> versions(ProjectId project, String name) {
        return handle.createQuery("SELECT version, created_at FROM blueprint_versions"
                        + " WHERE project_id = :project AND blueprint = :name ORDER BY version")
                .bind("project", project.value())
                .bind("name", name)
                .map((rs, ctx) -> new Version(rs.getInt("version"), rs.getLong("created_at")))
                .list();
    }

    public boolean hasVersion(ProjectId project, String name, int version) {
        return versions(project, name).stream().anyMatch(there -> there.version() == version);
    }

    public List<String> statements(ProjectId project, String name, int version) {
        return handle.createQuery("SELECT statement FROM blueprint_statements WHERE project_id = :project"
                        + " AND blueprint = :name AND version = :version ORDER BY ordinal")
                .bind("project", project.value())
                .bind("name", name)
                .bind("version", version)
                .mapTo(String.class)
                .list();
    }

    public void deleteVersion(ProjectId project, String name, int version) {
        handle.createUpdate("DELETE FROM blueprint_versions WHERE project_id = :project AND blueprint = :name"
                        + " AND version = :version")
                .bind("project", project.value())
                .bind("name", name)
                .bind("version", version)
                .execute();
    }

    public void delete(ProjectId project, String name) {
        handle.createUpdate("DELETE FROM blueprints WHERE project_id = :project AND name = :name")
                .bind("project", project.value())
                .bind("name", name)
                .execute();
    }

    private static Row row(ResultSet rs) throws SQLException {
        return new Row(
                new ProjectId(rs.getString("project_id")),
                rs.getString("name"),
                Engine.parse(rs.getString("engine")),
                rs.getInt("current_version"),
                rs.getInt("last_version"),
                rs.getInt("tenants"),
                rs.getLong("patience_ms"),
                rs.getLong("created_at"));
    }
}
