package dev.tdb.testkit.contract;

import dev.tdb.proxy.credential.Credential;
import dev.tdb.proxy.credential.CredentialBook;
import dev.tdb.proxy.credential.DoubleHash;
import dev.tdb.proxy.credential.ProjectId;
import dev.tdb.proxy.credential.Role;
import dev.tdb.proxy.credential.Scope;
import dev.tdb.proxy.credential.Scram;
import dev.tdb.proxy.credential.ScramSettings;
import dev.tdb.proxy.credential.Secret;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** The credentials of a rig: passwords known to the tests, verifiers for the proxy. */
final class Passwords {
    private static final ScramSettings SCRAM =
            new ScramSettings(Secret.of("salt of the rig!"), Scram.ITERATIONS_DEFAULT);

    private Passwords() {}

    static CredentialBook book(ProjectId project, List<Credential> credentials) {
        return new CredentialBook(
                Map.of(project, new CredentialBook.ProjectCredentials(SCRAM, credentials)),
                Secret.of("a secret of the rig's installation"));
    }

    static Credential credential(String id, ProjectId project, Scope scope, Role role, Secret password) {
        return new Credential(
                id,
                project,
                scope,
                role,
                CredentialBook.tokenSha256(password),
                Scram.sha256(password, SCRAM),
                DoubleHash.SHA1.stored(password),
                Instant.MAX);
    }
}
