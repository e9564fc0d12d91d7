package dev.tdb.control.store;

import dev.tdb.proxy.credential.ScramVerifier;
import dev.tdb.proxy.credential.Secret;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Passwords of drivers, as verifiers. */
public final class CredentialRows {
    /**
     * One password, with the reach and role of its key: a row for each value of the key's scope.
     *
     * @param doubleSha1 empty for a password that was made before it was kept
     */
    public record Reach(
            String keyId,
            String role,
            String scopeType,
            String scopeValue,
            Secret tokenSha256,
            ScramVerifier scram,
            Secret doubleSha1,
            @Nullable Long expiresAt) {}

    private final Handle handle;

    CredentialRows(Handle handle) {
        this.handle = handle;
    }

    public void insert(
            String id, String keyId, Secret tokenSha256, ScramVerifier scram, Secret doubleSha1, long createdAt) {
        handle.createUpdate("INSERT INTO credentials (id, key_id, token_sha256, stored_key, server_key, double_sha1,"
                        + " created_at) VALUES (:id, :keyId, :token, :storedKey, :serverKey, :doubleSha1, :createdAt)")
                .bind("id", id)
                .bind("keyId", keyId)
                .bind("token", tokenSha256.revealHex())
                .bind("storedKey", scram.storedKey().revealHex())
                .bind("serverKey", scram.serverKey().revealHex())
                .bind("doubleSha1", doubleSha1.revealHex())
                .bind("createdAt", createdAt)
                .execute();
    }

    /** Lets the passwords of a key end at {@code at}, unless they end earlier. */
    public void expire(String keyId, long at) {
        handle.createUpdate("UPDATE credentials SET expires_at = :at"
                        + " WHERE key_id = :keyId AND (expires_at IS NULL OR expires_at > :at)")
                .bind("at", at)
                .bind("keyId", keyId)
                .execute();
    }

    /** Those of a project that have not ended, in the order they were made. */
    public List<Reach> list(String project, long now) {
        return handle.createQuery("SELECT c.key_id, k.role, k.scope_type, s.value, c.token_sha256, c.stored_key,"
            + " c.server_key, c.double_sha1, c.expires_at FROM credentials c JOIN api_keys k ON k.id = c.key_id JOIN"
            + " api_key_scopes s ON s.key_id = k.id WHERE k.project_id = :project AND (c.expires_at IS NULL OR"
            + " c.expires_at > :now) ORDER BY c.created_at, c.id, s.value")
                .bind("project", project)
                .bind("now", now)
                .map((rs, ctx) -> {
                    long expiresAt = rs.getLong("expires_at");
                    boolean expires = !rs.wasNull();
                    return new Reach(
                            rs.getString("key_id"),
                            rs.getString("role"),
                            rs.getString("scope_type"),
                            rs.getString("value"),
                            Secret.ofHex(rs.getString("token_sha256")),
                            new ScramVerifier(
                                    Secret.ofHex(rs.getString("stored_key")), Secret.ofHex(rs.getString("server_key"))),
                            Secret.ofHex(rs.getString("double_sha1")),
                            expires ? expiresAt : null);
                })
                .list();
    }
}
