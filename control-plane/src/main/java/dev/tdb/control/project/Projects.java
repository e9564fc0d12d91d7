package dev.tdb.control.project;

import dev.tdb.control.ControlException;
import dev.tdb.control.key.CredentialPublisher;
import dev.tdb.control.key.KeyMaker;
import dev.tdb.control.key.KeyScope;
import dev.tdb.control.key.KeySpec;
import dev.tdb.control.secret.ScramKeys;
import dev.tdb.control.secret.Tokens;
import dev.tdb.control.store.ProjectRows;
import dev.tdb.control.store.StateStore;
import dev.tdb.control.store.Tables;
import dev.tdb.proxy.credential.ProjectId;
import dev.tdb.proxy.credential.Role;
import dev.tdb.proxy.credential.Secret;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** The projects of the installation. */
public final class Projects {
    private static final int NAME_CHARS_MAX = 100;
    private static final String DEFAULT = "default_project";

    private final StateStore store;
    private final CredentialPublisher publisher;
    private final InstantSource clock;

    public Projects(StateStore store, CredentialPublisher publisher, InstantSource clock) {
        this.store = store;
        this.publisher = publisher;
        this.clock = clock;
    }

    /** Makes a project and its first key, an admin key of project scope. */
    public CreatedProject create(String name) {
        if (name.isBlank() || name.length() > NAME_CHARS_MAX) {
            throw ControlException.badRequest("name must have 1 to " + NAME_CHARS_MAX + " characters");
        }
        long now = clock.millis();
        ProjectRows.Row row =
                new ProjectRows.Row(new ProjectId(Tokens.projectId()), name, ScramKeys.newSettings(), 1, now);
        Secret key = store.write(tables -> {
            tables.projects().insert(row);
            if (tables.installation().find(DEFAULT).isEmpty()) {
                tables.installation().put(DEFAULT, row.id().value());
            }
            String keyId =
                    KeyMaker.insertKey(tables, row, new KeySpec("first key", Role.ADMIN, KeyScope.project()), now);
            return KeyMaker.insertToken(tables, keyId);
        });
        publisher.refresh(row.id());
        return new CreatedProject(view(row), key);
    }

    public List<Project> list() {
        return store.read(tables -> tables.projects().list()).stream()
                .map(Projects::view)
                .toList();
    }

    /** Throws {@code not_found} when there is none. */
    public Project get(ProjectId id) {
        return view(store.read(tables -> required(tables, id)));
    }

    /** The project of operator calls that name none: the first one made, until set. */
    public Optional<ProjectId> defaultProject() {
        return store.read(tables -> tables.installation().find(DEFAULT)).map(ProjectId::new);
    }

    public void makeDefault(ProjectId id) {
        store.write(tables -> {
            required(tables, id);
            tables.installation().put(DEFAULT, id.value());
            return id;
        });
    }

    /** Removes a project without tenants, its blueprints and its keys; throws {@code conflict} while it has tenants. */
    public void delete(ProjectId id) {
        store.write(tables -> {
            required(tables, id);
            int tenants = tables.tenants().count(id);
            if (tenants > 0) {
                throw ControlException.conflict("Project '" + id + "' has " + tenants
                        + " tenants, those in the trash included. Delete them with ?hard=true first");
            }
            tables.projects().delete(id);
            if (tables.installation().find(DEFAULT).filter(id.value()::equals).isPresent()) {
                tables.installation().remove(DEFAULT);
            }
            return id;
        });
        publisher.refresh(id);
    }

    private static ProjectRows.Row required(Tables tables, ProjectId id) {
        return tables.projects().find(id).orElseThrow(() -> ControlException.notFound("Project not found: " + id));
    }

    private static Project view(ProjectRows.Row row) {
        return new Project(row.id(), row.name(), row.keyCount(), Instant.ofEpochMilli(row.createdAt()));
    }
}
