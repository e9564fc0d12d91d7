package dev.tdb.proxy.credential;

import java.time.Instant;

/**
 * One password of a project, as verifiers: the password itself is not kept anywhere.
 *
 * @param id the key's id in the control plane
 * @param tokenSha256 SHA-256 of the password, 32 bytes: for logins that present the password itself
 * @param scramSha256 keys for SCRAM-SHA-256, under the project's {@link ScramSettings}
 * @param doubleSha1 for {@link DoubleHash#SHA1}; empty when it is not kept
 * @param expires end of validity; {@link Instant#MAX} for none
 */
public record Credential(
        String id,
        ProjectId project,
        Scope scope,
        Role role,
        Secret tokenSha256,
        ScramVerifier scramSha256,
        Secret doubleSha1,
        Instant expires) {
    /** Of a key that was made when only the former were kept. */
    public Credential(
            String id,
            ProjectId project,
            Scope scope,
            Role role,
            Secret tokenSha256,
            ScramVerifier scramSha256,
            Instant expires) {
        this(id, project, scope, role, tokenSha256, scramSha256, Secret.of(new byte[0]), expires);
    }

    /** The password's SHA-256 hashed once more, for {@link DoubleHash#SHA256}. */
    public Secret doubleSha256() {
        return DoubleHash.SHA256.storedOf(tokenSha256.bytes());
    }

    public boolean isValid(Instant now) {
        return expires.isAfter(now);
    }

    /** What stays the same when only its end moves: by this a session is known to have got in with it. */
    public Credential endless() {
        return new Credential(id, project, scope, role, tokenSha256, scramSha256, Instant.MAX);
    }
}
