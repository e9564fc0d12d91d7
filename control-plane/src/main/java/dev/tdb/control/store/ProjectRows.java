package dev.tdb.control.store;

import dev.tdb.proxy.credential.ProjectId;
import dev.tdb.proxy.credential.ScramSettings;
import dev.tdb.proxy.credential.Secret;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Projects. */
public final class ProjectRows {
    /** One project; {@code keyCount} is read, not written. */
    public record Row(ProjectId id, String name, ScramSettings scram, int keyCount, long createdAt) {}

    private static final String SELECT = "SELECT p.id, p.name, p.scram_salt, p.scram_iterations, p.created_at,"
            + " (SELECT count(*) FROM api_keys k WHERE k.project_id = p.id) AS key_count FROM projects p";

    private final Handle handle;

    ProjectRows(Handle handle) {
        this.handle = handle;
    }

    public void insert(Row row) {
        handle.createUpdate("INSERT INTO projects (id, name, scram_salt, scram_iterations, created_at)"
                        + " VALUES (:id, :name, :salt, :iterations, :createdAt)")
                .bind("id", row.id().value())
                .bind("name", row.name())
                .bind("salt", row.scram().salt().revealHex())
                .bind("iterations", row.scram().iterations())
                .bind("createdAt", row.createdAt())
                .execute();
    }

    public List<Row> list() {
        return handle.createQuery(SELECT + " ORDER BY p.created_at, p.id")
                .map((rs, ctx) -> row(rs))
                .list();
    }

    public Optional<Row> find(ProjectId id) {
        return handle.createQuery(SELECT + " WHERE p.id = :id")
                .bind("id", id.value())
                .map((rs, ctx) -> row(rs))
                .findOne();
    }

    public void delete(ProjectId id) {
        handle.createUpdate("DELETE FROM projects WHERE id = :id")
                .bind("id", id.value())
                .execute();
    }

    private static Row row(ResultSet rs) throws SQLException {
        return new Row(
                new ProjectId(rs.getString("id")),
                rs.getString("name"),
                new ScramSettings(Secret.ofHex(rs.getString("scram_salt")), rs.getInt("scram_iterations")),
                rs.getInt("key_count"),
                rs.getLong("created_at"));
    }
}
