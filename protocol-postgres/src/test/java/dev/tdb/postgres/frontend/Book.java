package dev.tdb.postgres.frontend;

import dev.tdb.proxy.credential.Credential;
import dev.tdb.proxy.credential.CredentialBook;
import dev.tdb.proxy.credential.CredentialBook.ProjectCredentials;
import dev.tdb.proxy.credential.ProjectId;
import dev.tdb.proxy.credential.Role;
import dev.tdb.proxy.credential.Scope;
import dev.tdb.proxy.credential.Scram;
import dev.tdb.proxy.credential.ScramSettings;
import dev.tdb.proxy.credential.Secret;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** The credentials of one project, {@code tdb_shop}; each has its id for a password. */
final class Book {
    static final String USER = "tdb_shop";
    static final ScramSettings SETTINGS = new ScramSettings(Secret.of("0123456789abcdef"), 64);

    static final Credential TENANT = credential("of-acme", new Scope.Tenant("acme"), Instant.MAX);
    static final Credential BLUEPRINT = credential("of-orders", new Scope.Blueprint("orders"), Instant.MAX);
    static final Credential PROJECT = credential("of-project", new Scope.Project(), Instant.MAX);
    static final Credential OTHER_TENANT = credential("of-globex", new Scope.Tenant("globex"), Instant.MAX);
    static final Credential EXPIRED =
            credential("of-the-past", new Scope.Tenant("acme"), HandshakeClient.NOW.minus(Duration.ofSeconds(1)));

    static final CredentialBook CREDENTIALS = new CredentialBook(
            Map.of(
                    new ProjectId(USER),
                    new ProjectCredentials(SETTINGS, List.of(PROJECT, EXPIRED, OTHER_TENANT, TENANT, BLUEPRINT))),
            Secret.of("of the installation"));

    private Book() {}

    private static Credential credential(String id, Scope scope, Instant expires) {
        Secret password = Secret.of(id);
        return new Credential(
                id,
                new ProjectId(USER),
                scope,
                Role.WRITE,
                CredentialBook.tokenSha256(password),
                Scram.sha256(password, SETTINGS),
                expires);
    }
}
