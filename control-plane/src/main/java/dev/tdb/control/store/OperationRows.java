package dev.tdb.control.store;

import dev.tdb.proxy.credential.ProjectId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The journal of operations. */
public final class OperationRows {
    public static final String RUNNING = "running";

    /**
     * One operation.
     *
     * @param blueprint empty when it is about a whole tenant
     */
    public record Row(
            String id,
            String type,
            ProjectId project,
            String tenant,
            String blueprint,
            String state,
            int progress,
            String error,
            long startedAt,
            @Nullable Long endedAt) {}

    /** One step that was begun. */
    public record Step(
            String name, long startedAt, @Nullable Long endedAt, String detail) {}

    private final Handle handle;

    OperationRows(Handle handle) {
        this.handle = handle;
    }

    /** Fails with {@link DuplicateRow} when another operation of the tenant is running. */
    public void insert(Row row) {
        handle.createUpdate("INSERT INTO operations (id, type, project_id, tenant, blueprint, state, progress, error,"
                        + " started_at) VALUES (:id, :type, :project, :tenant, :blueprint, :state, :progress, :error,"
                        + " :startedAt)")
                .bind("id", row.id())
                .bind("type", row.type())
                .bind("project", row.project().value())
                .bind("tenant", row.tenant())
                .bind("blueprint", row.blueprint())
                .bind("state", row.state())
                .bind("progress", row.progress())
                .bind("error", row.error())
                .bind("startedAt", row.startedAt())
                .execute();
    }

    /** Ends the step that was begun last, and begins the next. */
    public void step(String id, String name, int progress, long at) {
        endStep(id, "", at);
        handle.createUpdate("INSERT INTO operation_steps (operation_id, ordinal, name, started_at, detail)"
                        + " SELECT :id, count(*), :name, :at, '' FROM operation_steps WHERE operation_id = :id")
                .bind("id", id)
                .bind("name", name)
                .bind("at", at)
                .execute();
        progress(id, progress);
    }

    /** Writes steps that have been taken already, in one go: while a route is held, every commit counts. */
    public void append(String id, List<Step> taken, int progress) {
        for (Step step : taken) {
            handle.createUpdate("INSERT INTO operation_steps (operation_id, ordinal, name, started_at, ended_at,"
                            + " detail) SELECT :id, count(*), :name, :startedAt, :endedAt, :detail"
                            + " FROM operation_steps WHERE operation_id = :id")
                    .bind("id", id)
                    .bind("name", step.name())
                    .bind("startedAt", step.startedAt())
                    .bind("endedAt", step.endedAt())
                    .bind("detail", step.detail())
                    .execute();
        }
        progress(id, progress);
    }

    /** @param progress 0 to 100 */
    public void progress(String id, int progress) {
        handle.createUpdate("UPDATE operations SET progress = :progress WHERE id = :id")
                .bind("progress", progress)
                .bind("id", id)
                .execute();
    }

    private void endStep(String id, String detail, long at) {
        handle.createUpdate("UPDATE operation_steps SET ended_at = :at, detail = CASE WHEN :detail = '' THEN detail"
                        + " ELSE :detail END WHERE operation_id = :id AND ended_at IS NULL")
                .bind("at", at)
                .bind("detail", detail)
                .bind("id", id)
                .execute();
    }

    /** Writes what the step begun last has found. */
    public void detail(String id, String detail) {
        handle.createUpdate("UPDATE operation_steps SET detail = :detail WHERE operation_id = :id AND ended_at IS NULL")
                .bind("detail", detail)
                .bind("id", id)
                .execute();
    }

    public void finish(String id, String state, String error, int progress, long at) {
        endStep(id, error, at);
        handle.createUpdate("UPDATE operations SET state = :state, error = :error, progress = :progress,"
                        + " ended_at = :at WHERE id = :id")
                .bind("state", state)
                .bind("error", error)
                .bind("progress", progress)
                .bind("at", at)
                .bind("id", id)
                .execute();
    }

    public Optional<Row> find(String id) {
        return handle.createQuery("SELECT * FROM operations WHERE id = :id")
                .bind("id", id)
                .map((rs, ctx) -> row(rs))
                .findOne();
    }

    public Optional<Row> findRunning(ProjectId project, String tenant) {
        return handle.createQuery("SELECT * FROM operations WHERE project_id = :project AND tenant = :tenant"
                        + " AND state = 'running'")
                .bind("project", project.value())
                .bind("tenant", tenant)
                .map((rs, ctx) -> row(rs))
                .findOne();
    }

    /** Of every project, oldest first. */
    public List<Row> running() {
        return handle.createQuery("SELECT * FROM operations WHERE state = 'running' ORDER BY started_at, id")
                .map((rs, ctx) -> row(rs))
                .list();
    }

    /** Newest first; {@code tenant} empty for all. */
    public List<Row> list(ProjectId project, String tenant, int limit, int offset) {
        return handle.createQuery("SELECT * FROM operations WHERE project_id = :project"
                        + (tenant.isEmpty() ? "" : " AND tenant = :tenant")
                        + " ORDER BY started_at DESC, id DESC LIMIT :limit OFFSET :offset")
                .bind("project", project.value())
                .bindMap(tenant.isEmpty() ? java.util.Map.of() : java.util.Map.of("tenant", tenant))
                .bind("limit", limit)
                .bind("offset", offset)
                .map((rs, ctx) -> row(rs))
                .list();
    }

    public List<Step> steps(String id) {
        return handle.createQuery("SELECT name, started_at, ended_at, detail FROM operation_steps"
                        + " WHERE operation_id = :id ORDER BY ordinal")
                .bind("id", id)
                .map((rs, ctx) -> new Step(
                        rs.getString("name"),
                        rs.getLong("started_at"),
                        nullable(rs, "ended_at"),
                        rs.getString("detail")))
                .list();
    }

    static @Nullable Long nullable(ResultSet rs, String column) throws SQLException {
        long value = rs.getLong(column);
        return rs.wasNull() ? null : value;
    }

    private static Row row(ResultSet rs) throws SQLException {
        return new Row(
                rs.getString("id"),
                rs.getString("type"),
                new ProjectId(rs.getString("project_id")),
                rs.getString("tenant"),
                rs.getString("blueprint"),
                rs.getString("state"),
                rs.getInt("progress"),
                rs.getString("error"),
                rs.getLong("started_at"),
                nullable(rs, "ended_at"));
    }
}
