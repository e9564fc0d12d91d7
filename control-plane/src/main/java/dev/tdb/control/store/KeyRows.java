package dev.tdb.control.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** API keys, what they reach, and the digests of their tokens. */
public final class KeyRows {
    /** The {@code scope_type} of keys that stand above projects. */
    public static final String OPERATOR = "operator";

    /**
     * One key.
     *
     * @param project null for an operator's
     * @param proxy whether it has a password for drivers; read, not written
     */
    public record Row(
            String id,
            @Nullable String project,
            String name,
            String role,
            String scopeType,
            List<String> scopeValues,
            boolean proxy,
            long createdAt,
            @Nullable Long lastUsedAt) {
        public Row {
            scopeValues = List.copyOf(scopeValues);
        }
    }

    private static final String SELECT = "SELECT k.id, k.project_id, k.name, k.role, k.scope_type, k.created_at,"
            + " k.last_used_at, EXISTS (SELECT 1 FROM credentials c WHERE c.key_id = k.id) AS proxy FROM api_keys k";

    private final Handle handle;

    KeyRows(Handle handle) {
        this.handle = handle;
    }

    public void insert(Row row) {
        handle.createUpdate("INSERT INTO api_keys (id, project_id, name, role, scope_type, created_at)"
                        + " VALUES (:id, :project, :name, :role, :scopeType, :createdAt)")
                .bind("id", row.id())
                .bind("project", row.project())
                .bind("name", row.name())
                .bind("role", row.role())
                .bind("scopeType", row.scopeType())
                .bind("createdAt", row.createdAt())
                .execute();
        for (String value : row.scopeValues()) {
            handle.createUpdate("INSERT INTO api_key_scopes (key_id, value) VALUES (:id, :value)")
                    .bind("id", row.id())
                    .bind("value", value)
                    .execute();
        }
    }

    /** @param expiresAt null for never */
    public void insertToken(String keyId, String sha256, @Nullable Long expiresAt) {
        handle.createUpdate(
                        "INSERT INTO api_key_tokens (sha256, key_id, expires_at) VALUES (:sha256, :keyId, :expiresAt)")
                .bind("sha256", sha256)
                .bind("keyId", keyId)
                .bind("expiresAt", expiresAt)
                .execute();
    }

    /** Lets the tokens of a key end at {@code at}, unless they end earlier. */
    public void expireTokens(String keyId, long at) {
        handle.createUpdate("UPDATE api_key_tokens SET expires_at = :at"
                        + " WHERE key_id = :keyId AND (expires_at IS NULL OR expires_at > :at)")
                .bind("at", at)
                .bind("keyId", keyId)
                .execute();
    }

    public Optional<Row> findByToken(String sha256, long now) {
        return handle.createQuery(SELECT + " JOIN api_key_tokens t ON t.key_id = k.id"
                        + " WHERE t.sha256 = :sha256 AND (t.expires_at IS NULL OR t.expires_at > :now)")
                .bind("sha256", sha256)
                .bind("now", now)
                .map((rs, ctx) -> row(rs))
                .findOne();
    }

    public void touch(String keyId, long now) {
        handle.createUpdate("UPDATE api_keys SET last_used_at = :now WHERE id = :id")
                .bind("now", now)
                .bind("id", keyId)
                .execute();
    }

    public List<Row> list(String project) {
        return handle.createQuery(SELECT + " WHERE k.project_id = :project ORDER BY k.created_at, k.id")
                .bind("project", project)
                .map((rs, ctx) -> row(rs))
                .list();
    }

    public List<Row> operators() {
        return handle.createQuery(SELECT + " WHERE k.project_id IS NULL ORDER BY k.created_at, k.id")
                .map((rs, ctx) -> row(rs))
                .list();
    }

    public Optional<Row> find(String project, String id) {
        return handle.createQuery(SELECT + " WHERE k.project_id = :project AND k.id = :id")
                .bind("project", project)
                .bind("id", id)
                .map((rs, ctx) -> row(rs))
                .findOne();
    }

    public void delete(String id) {
        handle.createUpdate("DELETE FROM api_keys WHERE id = :id")
                .bind("id", id)
                .execute();
    }

    /** Removes what reaches one blueprint or tenant that is no more; keys that reach nothing else go with it. */
    public void deleteReach(String project, String scopeType, String value) {
        handle.createUpdate("DELETE FROM api_key_scopes WHERE value = :value AND key_id IN"
                        + " (SELECT id FROM api_keys WHERE project_id = :project AND scope_type = :scopeType)")
                .bind("value", value)
                .bind("project", project)
                .bind("scopeType", scopeType)
                .execute();
        handle.createUpdate("DELETE FROM api_keys WHERE project_id = :project AND scope_type = :scopeType"
                        + " AND NOT EXISTS (SELECT 1 FROM api_key_scopes s WHERE s.key_id = api_keys.id)")
                .bind("project", project)
                .bind("scopeType", scopeType)
                .execute();
    }

    private Row row(ResultSet rs) throws SQLException {
        String id = rs.getString("id");
        long usedAt = rs.getLong("last_used_at");
        boolean used = !rs.wasNull();
        return new Row(
                id,
                rs.getString("project_id"),
                rs.getString("name"),
                rs.getString("role"),
                rs.getString("scope_type"),
                handle.createQuery("SELECT value FROM api_key_scopes WHERE key_id = :id ORDER BY value")
                        .bind("id", id)
                        .mapTo(String.class)
                        .list(),
                rs.getBoolean("proxy"),
                rs.getLong("created_at"),
                used ? usedAt : null);
    }
}
