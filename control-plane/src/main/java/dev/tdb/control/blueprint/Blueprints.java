package dev.tdb.control.blueprint;

import dev.tdb.control.ControlException;
import dev.tdb.control.engine.EngineAdapter;
import dev.tdb.control.host.HostAccess;
import dev.tdb.control.store.BlueprintRows;
import dev.tdb.control.store.DuplicateRow;
import dev.tdb.control.store.StateStore;
import dev.tdb.control.store.Tables;
import dev.tdb.proxy.credential.ProjectId;
import dev.tdb.proxy.route.DatabaseName;
import dev.tdb.proxy.route.Engine;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/** The blueprints of every project. */
public final class Blueprints {
    /** Statements of one version. */
    public static final int STATEMENTS_MAX = 1000;

    /** Characters of one statement. */
    public static final int STATEMENT_CHARS_MAX = 1 << 20;

    private final StateStore store;
    private final HostAccess access;
    private final InstantSource clock;

    public Blueprints(StateStore store, HostAccess access, InstantSource clock) {
        this.store = store;
        this.access = access;
        this.clock = clock;
    }

    public Blueprint create(ProjectId project, String name, Engine engine) {
        return create(project, name, engine, BlueprintSettings.standard());
    }

    public Blueprint create(ProjectId project, String name, Engine engine, BlueprintSettings settings) {
        if (!DatabaseName.isPart(name)) {
            throw ControlException.badRequest("name '" + name + "' must have 1 to " + DatabaseName.PART_CHARS_MAX
                    + " lower-case letters, digits and single underscores between them");
        }
        try {
            return store.write(tables -> {
                if (tables.projects().find(project).isEmpty()) {
                    throw ControlException.notFound("Project not found: " + project);
                }
                tables.blueprints()
                        .insert(project, name, engine, settings.patience().toMillis(), clock.millis());
                return view(required(tables, project, name));
            });
        } catch (DuplicateRow e) {
            throw ControlException.conflict("Blueprint '" + name
                    + "' already exists. Take another name, or use POST /blueprints/" + name + "/versions");
        }
    }

    /** Suspensions from now on are by these; one that stands stays as it is. */
    public Blueprint change(ProjectId project, String name, BlueprintSettings settings) {
        return store.write(tables -> {
            required(tables, project, name);
            tables.blueprints().patience(project, name, settings.patience().toMillis());
            return view(required(tables, project, name));
        });
    }

    public List<Blueprint> list(ProjectId project) {
        return store.read(tables -> tables.blueprints().list(project)).stream()
                .map(Blueprints::view)
                .toList();
    }

    public Blueprint get(ProjectId project, String name) {
        return view(store.read(tables -> required(tables, project, name)));
    }

    /** Adds the next version: tenants made from now on get it, those there are when it is deployed. */
    public BlueprintVersion addVersion(ProjectId project, String name, List<String> statements) {
        if (statements.isEmpty() || statements.size() > STATEMENTS_MAX) {
            throw ControlException.badRequest("statements must have 1 to " + STATEMENTS_MAX + " entries");
        }
        for (int i = 0; i < statements.size(); i++) {
            String statement = statements.get(i);
            if (statement.isBlank() || statement.length() > STATEMENT_CHARS_MAX || statement.indexOf('\0') >= 0) {
                throw ControlException.badRequest(
                        "statements[" + i + "] must have 1 to " + STATEMENT_CHARS_MAX + " characters and no NUL");
            }
        }
        Engine engine = get(project, name).engine();
        access.engineIfAny(engine).ifPresent(adapter -> checkFit(adapter, statements));
        long now = clock.millis();
        try {
            return store.write(tables -> {
                int version = required(tables, project, name).lastVersion() + 1;
                tables.blueprints().insertVersion(project, name, version, statements, now);
                return new BlueprintVersion(version, statements, Instant.ofEpochMilli(now));
            });
        } catch (DuplicateRow e) {
            throw ControlException.conflict(
                    "Blueprint '" + name + "' has just been given another version. Look at it, then add yours");
        }
    }

    /** A version stands for good: what could never be applied is better refused here than at every tenant. */
    private static void checkFit(EngineAdapter adapter, List<String> statements) {
        for (int i = 0; i < statements.size(); i++) {
            int index = i;
            adapter.unfitForVersion(statements.get(i)).ifPresent(why -> {
                throw ControlException.badRequest("statements[" + index + "] " + why);
            });
        }
    }

    /** Oldest first. */
    public List<BlueprintVersion> versions(ProjectId project, String name) {
        return store.read(tables -> {
            required(tables, project, name);
            return tables.blueprints().versions(project, name).stream()
                    .map(version -> new BlueprintVersion(
                            version.version(),
                            tables.blueprints().statements(project, name, version.version()),
                            Instant.ofEpochMilli(version.createdAt())))
                    .toList();
        });
    }

    /** Throws {@code conflict} while tenants have databases of it. */
    public void delete(ProjectId project, String name) {
        store.write(tables -> {
            int tenants = required(tables, project, name).tenants();
            if (tenants > 0) {
                throw ControlException.conflict("Blueprint '" + name + "' is used by " + tenants
                        + " tenants, those in the trash included. Delete them with ?hard=true first");
            }
            tables.blueprints().delete(project, name);
            tables.keys().deleteReach(project.value(), "blueprint", name);
            return name;
        });
    }

    private static BlueprintRows.Row required(Tables tables, ProjectId project, String name) {
        return tables.blueprints()
                .find(project, name)
                .orElseThrow(() -> ControlException.notFound("Blueprint not found: " + name));
    }

    private static Blueprint view(BlueprintRows.Row row) {
        return new Blueprint(
                row.project(),
                row.name(),
                row.engine(),
                new BlueprintSettings(Duration.ofMillis(row.patienceMillis())),
                row.currentVersion(),
                row.tenants(),
                Instant.ofEpochMilli(row.createdAt()));
    }
}
