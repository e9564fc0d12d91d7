package dev.tdb.proxy.credential;

import java.time.Instant;

/**
 * One password of a project, as verifiers: the password itself is not kept anywhere.
 *
 * @param id the key's id in the control plane
 * @param tokenSha256 SHA-256 of the password, 32 bytes: for logins that present the password itself
 * @param scramSha256 keys for SCRAM-SHA-256, under the project's {@link ScramSettings}
 * @param expires end of validity; {@link Instant#MAX} for none
 */
public record Credential(
        String id,
        ProjectId project,
        Scope scope,
        Role role,
        Secret tokenSha256,
        ScramVerifier scramSha256,
        Instant expires) {
    public boolean isValid(Instant now) {
        return expires.isAfter(now);
    }
}
