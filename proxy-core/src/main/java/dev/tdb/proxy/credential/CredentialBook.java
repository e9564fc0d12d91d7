package dev.tdb.proxy.credential;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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

    /** Whether it lets somebody in with this credential at {@code now}. */
    public boolean stands(Credential credential, Instant now) {
        Credential endless = credential.endless();
        return project(credential.project()).stream()
                .flatMap(project -> project.credentials().stream())
                .anyMatch(own -> own.id().equals(credential.id())
                        && own.isValid(now)
                        && own.endless().equals(endless));
    }

    /** {@linkplain Credential#endless() Those} of {@code before} that let nobody in any more at {@code now}. */
    @SuppressWarnings(
            "ReferenceEquality") // A project that nobody touched is the same object; the others are looked at.
    public Set<Credential> endedSince(CredentialBook before, Instant now) {
        Set<Credential> ended = new HashSet<>();
        before.projects.forEach((id, then) -> {
            ProjectCredentials own = projects.get(id);
            if (own != then) {
                then.credentials().forEach(credential -> ended.add(credential.endless()));
                if (own != null) {
                    own.credentials().stream()
                            .filter(credential -> credential.isValid(now))
                            .forEach(credential -> ended.remove(credential.endless()));
                }
            }
        });
        return ended;
    }

    /** {@linkplain Credential#endless() Those} whose time is over at {@code now}. */
    public Set<Credential> expired(Instant now) {
        return all().filter(credential -> !credential.isValid(now))
                .map(Credential::endless)
                .collect(Collectors.toSet());
    }

    /** When the next one ends after {@code now}; empty when none is to end. */
    public Optional<Instant> nextEnd(Instant now) {
        return all().map(Credential::expires)
                .filter(end -> end.isAfter(now) && !end.equals(Instant.MAX))
                .min(Comparator.naturalOrder());
    }

    private Stream<Credential> all() {
        return projects.values().stream().flatMap(project -> project.credentials().stream());
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
