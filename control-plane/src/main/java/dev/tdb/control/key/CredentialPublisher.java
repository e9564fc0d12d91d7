package dev.tdb.control.key;

import dev.tdb.control.store.CredentialRows;
import dev.tdb.control.store.ProjectRows;
import dev.tdb.control.store.StateStore;
import dev.tdb.proxy.credential.Credential;
import dev.tdb.proxy.credential.CredentialBook;
import dev.tdb.proxy.credential.CredentialBook.ProjectCredentials;
import dev.tdb.proxy.credential.ProjectId;
import dev.tdb.proxy.credential.Role;
import dev.tdb.proxy.credential.Scope;
import dev.tdb.proxy.credential.Secret;
import dev.tdb.proxy.hold.RouteControl;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Publishes who may connect to the data path: read after it was committed, within one lock. */
public final class CredentialPublisher {
    private final StateStore store;
    private final RouteControl dataPath;
    private final Secret mockSecret;
    private final InstantSource clock;

    /** Guarded by this. */
    private final Map<ProjectId, ProjectCredentials> projects = new HashMap<>();

    public CredentialPublisher(StateStore store, RouteControl dataPath, Secret mockSecret, InstantSource clock) {
        this.store = store;
        this.dataPath = dataPath;
        this.mockSecret = mockSecret;
        this.clock = clock;
    }

    /** Reads all projects and publishes them. */
    public synchronized void load() {
        projects.clear();
        store.read(tables -> tables.projects().list())
                .forEach(project -> projects.put(project.id(), credentials(project)));
        publish();
    }

    /** Reads one project again and publishes it. */
    public synchronized void refresh(ProjectId id) {
        store.read(tables -> tables.projects().find(id))
                .ifPresentOrElse(project -> projects.put(id, credentials(project)), () -> projects.remove(id));
        publish();
    }

    private void publish() {
        dataPath.publish(new CredentialBook(projects, mockSecret));
    }

    private ProjectCredentials credentials(ProjectRows.Row project) {
        return new ProjectCredentials(
                project.scram(),
                store.read(tables -> tables.credentials().list(project.id().value(), clock.millis())).stream()
                        .map(reach -> credential(project.id(), reach))
                        .toList());
    }

    private static Credential credential(ProjectId project, CredentialRows.Reach reach) {
        return new Credential(
                reach.keyId(),
                project,
                scope(reach),
                Role.parse(reach.role()),
                reach.tokenSha256(),
                reach.scram(),
                reach.doubleSha1(),
                expires(reach.expiresAt()));
    }

    private static Scope scope(CredentialRows.Reach reach) {
        return switch (KeyScope.Type.parse(reach.scopeType())) {
            case PROJECT -> new Scope.Project();
            case BLUEPRINT -> new Scope.Blueprint(reach.scopeValue());
            case TENANT -> new Scope.Tenant(reach.scopeValue());
        };
    }

    private static Instant expires(@Nullable Long millis) {
        return millis == null ? Instant.MAX : Instant.ofEpochMilli(millis);
    }
}
