package dev.tdb.control.tenant;

import dev.tdb.control.ControlException;
import dev.tdb.control.blueprint.VersionScripts;
import dev.tdb.control.engine.AdminAccess;
import dev.tdb.control.engine.ApplyTerms;
import dev.tdb.control.engine.EngineAdapter;
import dev.tdb.control.engine.EngineException;
import dev.tdb.control.engine.TenantLogin;
import dev.tdb.control.engine.VersionScript;
import dev.tdb.control.host.HostAccess;
import dev.tdb.control.operation.Journal;
import dev.tdb.control.snapshot.LoginSafe;
import dev.tdb.control.store.LoginRows;
import dev.tdb.control.store.OperationRows;
import dev.tdb.control.store.RouteRows;
import dev.tdb.control.store.StateStore;
import dev.tdb.control.store.Tables;
import dev.tdb.control.store.TenantRows;
import dev.tdb.proxy.credential.ProjectId;
import dev.tdb.proxy.credential.Role;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Makes databases of tenants on their servers, with logins and tables, and takes them away again. A database is
 * journalled before it is made, so that whoever comes later knows that it is tdb's own.
 */
public final class DatabaseBuild {
    private static final String CREATE_STEP = "create ";

    private final StateStore store;
    private final Journal journal;
    private final HostAccess access;
    private final LoginSafe logins;
    private final VersionScripts scripts;

    public DatabaseBuild(
            StateStore store, Journal journal, HostAccess access, LoginSafe logins, VersionScripts scripts) {
        this.store = store;
        this.journal = journal;
        this.access = access;
        this.logins = logins;
        this.scripts = scripts;
    }

    /** Throws {@code conflict} when the server has a database of that name already. */
    void make(String operation, RouteRows.Row route) {
        EngineAdapter engine = access.engine(route.key().engine());
        if (engine.databaseFacts(access.admin(route.place()), route.database()).exists()) {
            throw ControlException.conflict("the host " + route.place().hostId() + " has a database " + route.database()
                    + " that tdb did not make");
        }
        complete(operation, route);
    }

    /** Goes on with a database that is known to be tdb's own, or is not there. */
    void complete(String operation, RouteRows.Row route) {
        EngineAdapter engine = access.engine(route.key().engine());
        AdminAccess admin = access.admin(route.place());
        String database = route.database();
        journal.step(operation, CREATE_STEP + database, 10);
        engine.createDatabase(admin, database);
        List<TenantLogin> made = store.read(tables -> {
            List<LoginRows.Row> rows =
                    tables.logins().of(route.key().project(), route.key().database(), route.loginEpoch());
            return logins.open(rows);
        });
        engine.createLogins(admin, database, made);
        journal.step(operation, "apply " + database, 60);
        TenantLogin owner = made.stream()
                .filter(login -> login.role() == Role.ADMIN)
                .findFirst()
                .orElseThrow();
        engine.apply(
                admin, database, owner.login(), store.read(tables -> versions(tables, route)), ApplyTerms.standard());
    }

    /** All versions in their order, up to the one that was the newest when the database was reserved. */
    private List<VersionScript> versions(Tables tables, RouteRows.Row route) {
        ProjectId project = route.key().project();
        String blueprint = route.key().database().blueprint();
        TenantRows.Database database = tables.tenants()
                .database(project, route.key().database().tenant(), blueprint)
                .orElseThrow();
        return scripts.between(tables, project, blueprint, route.database(), 0, database.version());
    }

    /** Those of {@code routes} whose database an operation has begun to make. */
    List<RouteRows.Row> begun(String operation, List<RouteRows.Row> routes) {
        Set<String> steps = store.read(tables -> tables.operations().steps(operation)).stream()
                .map(OperationRows.Step::name)
                .collect(Collectors.toSet());
        return routes.stream()
                .filter(route -> steps.contains(CREATE_STEP + route.database()))
                .toList();
    }

    /** Removes database, roles and logins; throws {@link EngineException}. */
    void drop(RouteRows.Row route) {
        List<LoginRows.Row> rows = store.read(
                tables -> tables.logins().all(route.key().project(), route.key().database()));
        access.engine(route.key().engine())
                .dropDatabase(access.admin(route.place()), route.database(), LoginSafe.users(rows));
    }
}
