package dev.tdb.control.tenant;

import dev.tdb.control.ControlException;
import dev.tdb.control.engine.AdminAccess;
import dev.tdb.control.engine.EngineAdapter;
import dev.tdb.control.engine.EngineException;
import dev.tdb.control.engine.TenantLogin;
import dev.tdb.control.event.Events;
import dev.tdb.control.host.HostAccess;
import dev.tdb.control.key.CredentialPublisher;
import dev.tdb.control.key.KeyMaker;
import dev.tdb.control.key.KeyScope;
import dev.tdb.control.key.KeySpec;
import dev.tdb.control.operation.Journal;
import dev.tdb.control.operation.OperationState;
import dev.tdb.control.snapshot.LoginSafe;
import dev.tdb.control.snapshot.RouteBook;
import dev.tdb.control.store.LoginRows;
import dev.tdb.control.store.OperationRows;
import dev.tdb.control.store.ProjectRows;
import dev.tdb.control.store.RouteRows;
import dev.tdb.control.store.StateStore;
import dev.tdb.control.store.Tables;
import dev.tdb.proxy.credential.ProjectId;
import dev.tdb.proxy.credential.Role;
import dev.tdb.proxy.route.DatabaseName;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Makes tenants: all of one, or nothing of it. What is on the servers is journalled before it is made, so that a restart
 * can take it away again.
 */
public final class TenantCreation {
    static final String TYPE = "create";
    private static final String CREATE_STEP = "create ";
    private static final String PUBLISH_STEP = "publish";

    private final TenantReservation reservation;
    private final StateStore store;
    private final Journal journal;
    private final HostAccess access;
    private final LoginSafe logins;
    private final RouteBook book;
    private final CredentialPublisher credentials;
    private final Events events;
    private final InstantSource clock;

    public TenantCreation(
            StateStore store,
            Journal journal,
            HostAccess access,
            LoginSafe logins,
            RouteBook book,
            CredentialPublisher credentials,
            Events events,
            InstantSource clock) {
        this.reservation = new TenantReservation(store, journal, access, logins, clock);
        this.store = store;
        this.journal = journal;
        this.access = access;
        this.logins = logins;
        this.book = book;
        this.credentials = credentials;
        this.events = events;
        this.clock = clock;
    }

    CreatedTenant create(ProjectId project, NewTenant tenant) {
        ProjectRows.Row owner = store.read(tables -> tables.projects().find(project))
                .orElseThrow(() -> ControlException.notFound("Project not found: " + project));
        KeyMaker.Password password = KeyMaker.password(owner);
        Journal.Subject subject = new Journal.Subject(TYPE, project, tenant.tenantId(), "");
        String operation = reservation.begin(subject, tenant);
        List<RouteRows.Row> routes = store.read(tables -> tables.routes().ofTenant(project, tenant.tenantId()));
        try {
            for (RouteRows.Row route : routes) {
                build(operation, route);
            }
            journal.step(operation, PUBLISH_STEP, 90, tables -> open(tables, owner, routes, tenant, password));
        } catch (EngineException | ControlException e) {
            String sentence = String.valueOf(e.getMessage());
            undo(operation, subject, sentence);
            throw ControlException.conflict(
                    "Tenant '" + tenant.tenantId() + "' was not created: " + sentence, operation);
        }
        finish(operation, subject);
        Tenant created = store.read(tables -> TenantViews.required(tables, project, tenant.tenantId()));
        return new CreatedTenant(created, password.plain(), operation);
    }

    /** It is ready in the store; the operation ends when it is ready on the data path, too. */
    private void finish(String operation, Journal.Subject subject) {
        publish(store.read(tables -> tables.routes().ofTenant(subject.project(), subject.tenant())));
        credentials.refresh(subject.project());
        journal.finish(operation, subject, OperationState.SUCCEEDED, "");
        tell(subject.project(), subject.tenant(), TenantStatus.READY);
    }

    private void publish(List<RouteRows.Row> routes) {
        book.refresh(routes.stream().map(RouteRows.Row::key).toList()).join();
    }

    private void build(String operation, RouteRows.Row route) {
        EngineAdapter engine = access.engine(route.key().engine());
        AdminAccess admin = access.admin(route.place());
        String database = route.database();
        if (engine.databaseFacts(admin, database).exists()) {
            throw ControlException.conflict(
                    "the host " + route.place().hostId() + " has a database " + database + " that tdb did not make");
        }
        // From here on the database on the server is ours, and an undo removes it.
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
                route.place().address(),
                route.place().tls(),
                database,
                owner.login(),
                store.read(tables -> statements(tables, route)));
    }

    /** All versions in their order, up to the one that was the newest when the tenant was reserved. */
    private static List<String> statements(Tables tables, RouteRows.Row route) {
        ProjectId project = route.key().project();
        String blueprint = route.key().database().blueprint();
        int newest = tables.tenants().databases(project, route.key().database().tenant()).stream()
                .filter(database -> database.blueprint().equals(blueprint))
                .findFirst()
                .orElseThrow()
                .version();
        return IntStream.rangeClosed(1, newest)
                .boxed()
                .flatMap(version -> tables.blueprints().statements(project, blueprint, version).stream())
                .toList();
    }

    private void open(
            Tables tables,
            ProjectRows.Row owner,
            List<RouteRows.Row> routes,
            NewTenant tenant,
            KeyMaker.Password password) {
        for (RouteRows.Row route : routes) {
            tables.routes().state(route.key(), RouteRows.OPEN, route.patienceMs(), clock.millis());
            status(tables, route, TenantStatus.READY, "");
        }
        KeySpec spec = new KeySpec("tenant " + tenant.tenantId(), Role.WRITE, KeyScope.tenant(tenant.tenantId()));
        String keyId = KeyMaker.insertKey(tables, owner, spec, clock.millis());
        KeyMaker.insertPassword(tables, keyId, password, clock.millis());
    }

    private static void status(Tables tables, RouteRows.Row route, TenantStatus status, String detail) {
        DatabaseName name = route.key().database();
        tables.tenants().status(route.key().project(), name.tenant(), name.blueprint(), status.word(), detail);
    }

    /** Takes away what a creation that did not end has left, or tells the data path when it was ready. */
    void recover(OperationRows.Row operation) {
        Journal.Subject subject =
                new Journal.Subject(operation.type(), operation.project(), operation.tenant(), operation.blueprint());
        if (begun(operation.id()).contains(PUBLISH_STEP)) {
            finish(operation.id(), subject);
        } else {
            undo(operation.id(), subject, "the control plane stopped before the tenant was ready");
        }
    }

    private Set<String> begun(String operation) {
        return store.read(tables -> tables.operations().steps(operation)).stream()
                .map(OperationRows.Step::name)
                .collect(Collectors.toSet());
    }

    private void undo(String operation, Journal.Subject subject, String error) {
        ProjectId project = subject.project();
        List<RouteRows.Row> routes = store.read(tables -> tables.routes().ofTenant(project, subject.tenant()));
        Set<String> begun = begun(operation);
        try {
            routes.stream()
                    .filter(route -> begun.contains(CREATE_STEP + route.database()))
                    .forEach(this::drop);
        } catch (EngineException e) {
            String detail = error + "; and what had been made could not be removed: " + e.sentence();
            journal.finish(
                    operation,
                    subject,
                    OperationState.FAILED,
                    detail,
                    tables -> routes.forEach(route -> status(tables, route, TenantStatus.FAILED, detail)));
            tell(project, subject.tenant(), TenantStatus.FAILED);
            return;
        }
        store.write(tables -> {
            tables.tenants().delete(project, subject.tenant());
            return operation;
        });
        publish(routes); // at a restart they were published, as being prepared
        journal.finish(operation, subject, OperationState.ABORTED, error);
    }

    private void drop(RouteRows.Row route) {
        List<LoginRows.Row> rows = store.read(
                tables -> tables.logins().all(route.key().project(), route.key().database()));
        access.engine(route.key().engine())
                .dropDatabase(access.admin(route.place()), route.database(), LoginSafe.users(rows));
    }

    private void tell(ProjectId project, String tenant, TenantStatus status) {
        events.publish("tenant.status", project.value(), tenant, Map.of("status", status.word()));
    }
}
