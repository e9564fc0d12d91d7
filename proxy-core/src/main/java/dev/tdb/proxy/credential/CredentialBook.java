package dev.tdb.proxy.credential;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Who may connect: an immutable snapshot of every project's credentials, published to the data path as one value.
 *
 * @param mockSecret a secret of the installation, from which the salts shown to unknown users derive
 */
public record CredentialBook(Map<ProjectId, ProjectCredentials> projects, Secret mockSecret) {
    /** The credentials of one project, with the SCRAM settings they share. */
    public record ProjectCredentials(ScramSettings scram, List<Credential> credentials) {
        public ProjectCredentials {
            credentials = List.copyOf(credentials);
        }

        /** Those that are valid at {@code now} and reach a tenant database, in the order they were made. */
        public List<Credential> covering(String blueprint, String tenant, Instant now) {
            return credentials.stream()
                    .filter(credential ->
                            credential.isValid(now) && credential.scope().covers(blueprint, tenant))
                    .toList();
        }
    }

    public CredentialBook {
        projects = Map.copyOf(projects);
    }

    public static CredentialBook empty(Secret mockSecret) {
        return new CredentialBook(Map.of(), mockSecret);
    }

    public Optional<ProjectCredentials> project(ProjectId project) {
        return Optional.ofNullable(projects.get(project));
    }

    /**
     * What a user without credentials is shown, the same at every try: an unknown user must not be told from a known
     * one by its salt.
     */
    public ScramSettings mockSettings(String user, int iterations) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(mockSecret.bytes(), "HmacSHA256"));
            byte[] salt = mac.doFinal(user.getBytes(StandardCharsets.UTF_8));
            return new ScramSettings(Secret.of(java.util.Arrays.copyOf(salt, 16)), iterations);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** SHA-256 of a password, as {@link Credential#tokenSha256()} keeps it. */
    public static Secret tokenSha256(Secret password) {
        try {
            return Secret.of(MessageDigest.getInstance("SHA-256").digest(password.bytes()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
