package dev.tdb.control.store;

import dev.tdb.proxy.credential.ProjectId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Deployments, and what became of them at each tenant. */
public final class DeploymentRows {
    public static final String IN_PROGRESS = "in_progress";
    public static final String PENDING = "pending";
    public static final String RUNNING = "running";
    public static final String COMPLETED = "completed";
    public static final String CANCELLED = "cancelled";

    /** One deployment. The counts are read, not written. */
    public record Row(
            String id,
            ProjectId project,
            String blueprint,
            int version,
            String state,
            String operationId,
            Counts counts,
            long createdAt,
            @Nullable Long endedAt) {}

    /**
     * Its tenants by what became of them; the rest has not been tried.
     *
     * @param failed those that were skipped included
     */
    public record Counts(int total, int completed, int failed, int cancelled) {
        public static Counts none() {
            return new Counts(0, 0, 0, 0);
        }

        public int ended() {
            return completed + failed + cancelled;
        }
    }

    /**
     * What became of it at one tenant.
     *
     * @param operationId of the tenant's own operation; empty before it began
     */
    public record Result(
            String deploymentId,
            int ordinal,
            String tenant,
            String state,
            String operationId,
            int fromVersion,
            String detail,
            @Nullable Long startedAt,
            @Nullable Long endedAt) {}

    /** A result, and which deployment it is of. */
    public record Applied(Row deployment, Result result) {}

    private static final String SELECT = "SELECT d.id, d.project_id, d.blueprint, d.version, d.state AS state,"
            + " d.operation_id, d.created_at, d.ended_at,"
            + " (SELECT count(*) FROM deployment_results r WHERE r.deployment_id = d.id) AS total,"
            + " (SELECT count(*) FROM deployment_results r WHERE r.deployment_id = d.id"
            + " AND r.state = 'completed') AS completed,"
            + " (SELECT count(*) FROM deployment_results r WHERE r.deployment_id = d.id"
            + " AND r.state IN ('failed', 'skipped')) AS failed,"
            + " (SELECT count(*) FROM deployment_results r WHERE r.deployment_id = d.id"
            + " AND r.state = 'cancelled') AS cancelled FROM deployments d";

    private final Handle handle;

    DeploymentRows(Handle handle) {
        this.handle = handle;
    }

    /** Fails with {@link DuplicateRow} when another one of the blueprint is in progress. */
    public void insert(Row row, List<String> tenants) {
        handle.createUpdate("INSERT INTO deployments (id, project_id, blueprint, version, state, operation_id,"
                        + " created_at) VALUES (:id, :project, :blueprint, :version, :state, :operation, :createdAt)")
                .bind("id", row.id())
                .bind("project", row.project().value())
                .bind("blueprint", row.blueprint())
                .bind("version", row.version())
                .bind("state", row.state())
                .bind("operation", row.operationId())
                .bind("createdAt", row.createdAt())
                .execute();
        if (tenants.isEmpty()) {
            return;
        }
        var batch = handle.prepareBatch("INSERT INTO deployment_results (deployment_id, ordinal, project_id, tenant,"
                + " state, operation_id, from_version, detail) VALUES (:id, :ordinal, :project, :tenant, 'pending',"
                + " '', 0, '')");
        for (int ordinal = 0; ordinal < tenants.size(); ordinal++) {
            batch.bind("id", row.id())
                    .bind("ordinal", ordinal)
                    .bind("project", row.project().value())
                    .bind("tenant", tenants.get(ordinal))
                    .add();
        }
        batch.execute();
    }

    /** Newest first. */
    public List<Row> list(ProjectId project, int limit, int offset) {
        return handle.createQuery(SELECT + " WHERE d.project_id = :project ORDER BY d.created_at DESC, d.id DESC"
                        + " LIMIT :limit OFFSET :offset")
                .bind("project", project.value())
                .bind("limit", limit)
                .bind("offset", offset)
                .map((rs, ctx) -> row(rs))
                .list();
    }

    public Optional<Row> find(String id) {
        return handle.createQuery(SELECT + " WHERE d.id = :id")
                .bind("id", id)
                .map((rs, ctx) -> row(rs))
                .findOne();
    }

    public Optional<Row> findByOperation(String operationId) {
        return handle.createQuery(SELECT + " WHERE d.operation_id = :operation")
                .bind("operation", operationId)
                .map((rs, ctx) -> row(rs))
                .findOne();
    }

    public Optional<Row> findInProgress(ProjectId project, String blueprint) {
        return handle.createQuery(SELECT + " WHERE d.project_id = :project AND d.blueprint = :blueprint"
                        + " AND d.state = 'in_progress'")
                .bind("project", project.value())
                .bind("blueprint", blueprint)
                .map((rs, ctx) -> row(rs))
                .findOne();
    }

    public Optional<Row> newest(ProjectId project, String blueprint) {
        return handle.createQuery(SELECT + " WHERE d.project_id = :project AND d.blueprint = :blueprint"
                        + " ORDER BY d.created_at DESC, d.id DESC LIMIT 1")
                .bind("project", project.value())
                .bind("blueprint", blueprint)
                .map((rs, ctx) -> row(rs))
                .findOne();
    }

    /** Of every project, oldest first. */
    public List<Row> inProgress() {
        return handle.createQuery(SELECT + " WHERE d.state = 'in_progress' ORDER BY d.created_at, d.id")
                .map((rs, ctx) -> row(rs))
                .list();
    }

    public List<Result> results(String id, int limit, int offset) {
        return handle.createQuery("SELECT * FROM deployment_results WHERE deployment_id = :id ORDER BY ordinal"
                        + " LIMIT :limit OFFSET :offset")
                .bind("id", id)
                .bind("limit", limit)
                .bind("offset", offset)
                .map((rs, ctx) -> result(rs))
                .list();
    }

    /** Those that are not at an end, the ones that were begun first. */
    public List<Result> open(String id) {
        return handle.createQuery("SELECT * FROM deployment_results WHERE deployment_id = :id"
                        + " AND state IN ('running', 'pending') ORDER BY state DESC, ordinal")
                .bind("id", id)
                .map((rs, ctx) -> result(rs))
                .list();
    }

    /** What deployments did at one tenant since it was made, newest first. */
    public List<Applied> ofTenant(ProjectId project, String tenant, long since, int limit, int offset) {
        record Place(String deploymentId, Result result) {}
        List<Place> places = handle.createQuery("SELECT r.* FROM deployment_results r JOIN deployments d"
                        + " ON d.id = r.deployment_id WHERE r.project_id = :project AND r.tenant = :tenant"
                        + " AND d.created_at >= :since ORDER BY d.created_at DESC, d.id DESC"
                        + " LIMIT :limit OFFSET :offset")
                .bind("project", project.value())
                .bind("tenant", tenant)
                .bind("since", since)
                .bind("limit", limit)
                .bind("offset", offset)
                .map((rs, ctx) -> new Place(rs.getString("deployment_id"), result(rs)))
                .list();
        return places.stream()
                .map(place -> new Applied(find(place.deploymentId()).orElseThrow(), place.result()))
                .toList();
    }

    /** @return whether it was waiting to be begun; otherwise nothing is changed */
    public boolean begin(String id, int ordinal, String operationId, int fromVersion, long at) {
        return handle.createUpdate("UPDATE deployment_results SET state = 'running', operation_id = :operation,"
                                + " from_version = :from, started_at = :at"
                                + " WHERE deployment_id = :id AND ordinal = :ordinal AND state = 'pending'")
                        .bind("operation", operationId)
                        .bind("from", fromVersion)
                        .bind("at", at)
                        .bind("id", id)
                        .bind("ordinal", ordinal)
                        .execute()
                == 1;
    }

    /** Ends one that was not at an end. */
    public void end(String id, int ordinal, String state, String detail, long at) {
        handle.createUpdate("UPDATE deployment_results SET state = :state, detail = :detail, ended_at = :at"
                        + " WHERE deployment_id = :id AND ordinal = :ordinal AND state IN ('pending', 'running')")
                .bind("state", state)
                .bind("detail", detail)
                .bind("at", at)
                .bind("id", id)
                .bind("ordinal", ordinal)
                .execute();
    }

    /** Takes back what has not been begun. */
    public void cancel(String id, long at) {
        handle.createUpdate("UPDATE deployment_results SET state = 'cancelled', ended_at = :at"
                        + " WHERE deployment_id = :id AND state = 'pending'")
                .bind("at", at)
                .bind("id", id)
                .execute();
    }

    public void finish(String id, String state, long at) {
        handle.createUpdate("UPDATE deployments SET state = :state, ended_at = :at WHERE id = :id")
                .bind("state", state)
                .bind("at", at)
                .bind("id", id)
                .execute();
    }

    private static Row row(ResultSet rs) throws SQLException {
        return new Row(
                rs.getString("id"),
                new ProjectId(rs.getString("project_id")),
                rs.getString("blueprint"),
                rs.getInt("version"),
                rs.getString("state"),
                rs.getString("operation_id"),
                new Counts(rs.getInt("total"), rs.getInt("completed"), rs.getInt("failed"), rs.getInt("cancelled")),
                rs.getLong("created_at"),
                OperationRows.nullable(rs, "ended_at"));
    }

    private static Result result(ResultSet rs) throws SQLException {
        return new Result(
                rs.getString("deployment_id"),
                rs.getInt("ordinal"),
                rs.getString("tenant"),
                rs.getString("state"),
                rs.getString("operation_id"),
                rs.getInt("from_version"),
                rs.getString("detail"),
                OperationRows.nullable(rs, "started_at"),
                OperationRows.nullable(rs, "ended_at"));
    }
}
