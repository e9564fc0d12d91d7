package dev.tdb.control.blueprint;

import dev.tdb.control.ControlException;
import dev.tdb.control.engine.EngineAdapter;
import dev.tdb.control.engine.EngineException;
import dev.tdb.control.engine.VersionScript;
import dev.tdb.control.host.HostAccess;
import dev.tdb.control.store.BlueprintRows;
import dev.tdb.control.store.DeploymentRows;
import dev.tdb.control.store.RouteRows;
import dev.tdb.control.store.StateStore;
import dev.tdb.control.store.Tables;
import dev.tdb.control.store.TenantRows;
import dev.tdb.proxy.credential.ProjectId;
import dev.tdb.proxy.route.DatabaseName;
import java.util.List;
import java.util.Optional;

/**
 * Takes back the newest version of a blueprint, such as one that can be applied nowhere: it would stand before every later
 * one. No database may have it, and the databases are asked: a tenant that is not known to have it may have it all the
 * same, when the answer to its COMMIT was lost. Its number is never given again: who has read of it, in a deployment or
 * in a log, must not find other statements under it.
 */
public final class VersionRemoval {
    private final StateStore store;
    private final HostAccess access;
    private final VersionScripts scripts;

    public VersionRemoval(StateStore store, HostAccess access, VersionScripts scripts) {
        this.store = store;
        this.access = access;
        this.scripts = scripts;
    }

    /** Throws {@code conflict} unless it is the newest, and no database has it. */
    public void remove(ProjectId project, String blueprint, int version) {
        Optional<String> deployed = store.read(tables -> {
            check(tables, project, blueprint, version);
            return newest(tables, project, blueprint);
        });
        for (String tenant : store.read(tables -> tables.tenants().withBlueprint(project, blueprint))) {
            askDatabase(project, new DatabaseName(blueprint, tenant), version);
        }
        store.write(tables -> {
            check(tables, project, blueprint, version);
            if (!newest(tables, project, blueprint).equals(deployed)) {
                throw ControlException.conflict("Blueprint '" + blueprint + "' has just been deployed. Try again");
            }
            tables.blueprints().deleteVersion(project, blueprint, version);
            return blueprint;
        });
    }

    private static void check(Tables tables, ProjectId project, String name, int version) {
        BlueprintRows.Row blueprint = tables.blueprints()
                .find(project, name)
                .orElseThrow(() -> ControlException.notFound("Blueprint not found: " + name));
        if (!tables.blueprints().hasVersion(project, name, version)) {
            throw ControlException.notFound("Version not found: " + name + " " + version);
        }
        if (version < blueprint.currentVersion()) {
            throw ControlException.conflict("Version " + version + " of blueprint '" + name
                    + "' is not the newest, which is " + blueprint.currentVersion() + ". Only that can be taken back");
        }
        tables.deployments().findInProgress(project, name).ifPresent(running -> {
            throw ControlException.conflict(
                    "Blueprint '" + name + "' is being deployed: " + running.id() + ". Wait until it has ended",
                    running.operationId());
        });
        for (String tenant : tables.tenants().withBlueprint(project, name)) {
            tables.tenants()
                    .database(project, tenant, name)
                    .map(TenantRows.Database::version)
                    .filter(has -> has >= version)
                    .ifPresent(_ -> {
                        throw isApplied(tenant, name, version);
                    });
        }
    }

    private static ControlException isApplied(String tenant, String blueprint, int version) {
        return ControlException.conflict("Tenant '" + tenant + "' has version " + version + " of blueprint '"
                + blueprint + "'. What a tenant has is repaired by the next version");
    }

    private static Optional<String> newest(Tables tables, ProjectId project, String blueprint) {
        return tables.deployments().newest(project, blueprint).map(DeploymentRows.Row::id);
    }

    private void askDatabase(ProjectId project, DatabaseName name, int version) {
        RouteRows.Row route = store.read(tables -> tables.routes().find(project, name))
                .orElseThrow(() -> new IllegalStateException("no route to " + name));
        List<VersionScript> script = store.read(
                tables -> scripts.between(tables, project, name.blueprint(), route.database(), version - 1, version));
        EngineAdapter engine = access.engine(route.key().engine());
        try {
            if (engine.hasVersion(access.admin(route.place()), route.database(), script.getFirst())) {
                throw isApplied(name.tenant(), name.blueprint(), version);
            }
        } catch (EngineException e) {
            throw ControlException.conflict("Tenant '" + name.tenant() + "' cannot be asked whether it has version "
                    + version + ": " + e.sentence());
        }
    }
}
