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
import dev.tdb.control.store.BlueprintRows;
import dev.tdb.control.store.DuplicateRow;
import dev.tdb.control.store.HostRows;
import dev.tdb.control.store.LoginRows;
import dev.tdb.control.store.OperationRows;
import dev.tdb.control.store.ProjectRows;
import dev.tdb.control.store.RouteRows;
import dev.tdb.control.store.StateStore;
import dev.tdb.control.store.Tables;
import dev.tdb.control.store.TenantRows;
import dev.tdb.proxy.credential.ProjectId;
import dev.tdb.proxy.credential.Role;
import dev.tdb.proxy.route.DatabaseName;
import dev.tdb.proxy.route.Engine;
import dev.tdb.proxy.route.RouteKey;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Makes tenants: all of one, or nothing of it. What is on the servers is journalled before it is made, so that a restart
 * can take it away again.
 */
public final class TenantCreation {
    static final String TYPE = "create";
    private static final int DATABASES_MAX = Engine.values().length;
    private static final long FIRST_EPOCH = 1;
    private static final String CREATE_STEP = "create ";

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
        check(tenant);
        ProjectRows.Row owner = store.read(tables -> tables.projects().find(project))
                .orElseThrow(() -> ControlException.notFound("Project not found: " + project));
        KeyMaker.Password password = KeyMaker.password(owner);
        Journal.Subject subject = new Journal.Subject(TYPE, project, tenant.tenantId(), "");
        String operation = begin(subject, tenant);
        try {
            List<RouteRows.Row> routes = store.read(tables -> tables.routes().ofTenant(project, tenant.tenantId()));
            for (RouteRows.Row route : routes) {
                build(operation, route);
            }
            journal.finish(operation, subject, OperationState.SUCCEEDED, "", tables -> {
                for (RouteRows.Row route : routes) {
                    open(tables, route);
                }
                String keyId = KeyMaker.insertKey(
                        tables,
                        owner,
                        new KeySpec("tenant " + tenant.tenantId(), Role.WRITE, KeyScope.tenant(tenant.tenantId())),
                        clock.millis());
                KeyMaker.insertPassword(tables, keyId, password, clock.millis());
            });
            book.refresh(routes.stream().map(RouteRows.Row::key).toList()).join();
            credentials.refresh(project);
        } catch (EngineException | ControlException e) {
            String sentence = e instanceof EngineException engine ? engine.sentence() : String.valueOf(e.getMessage());
            undo(operation, subject, sentence);
            throw ControlException.conflict(
                    "Tenant '" + tenant.tenantId() + "' was not created: " + sentence, operation);
        }
        tell(project, tenant.tenantId(), TenantStatus.READY);
        Tenant created = store.read(tables -> TenantViews.required(tables, project, tenant.tenantId()));
        return new CreatedTenant(created, password.plain(), operation);
    }

    private static void check(NewTenant tenant) {
        if (!DatabaseName.isPart(tenant.tenantId())) {
            throw ControlException.badRequest("tenant_id '" + tenant.tenantId() + "' must have 1 to "
                    + DatabaseName.PART_CHARS_MAX
                    + " lower-case letters, digits and single underscores between them");
        }
        if (tenant.databases().isEmpty() || tenant.databases().size() > DATABASES_MAX) {
            throw ControlException.badRequest("databases must have 1 to " + DATABASES_MAX + " entries");
        }
        Set<String> seen = new HashSet<>();
        for (NewTenant.NewDatabase database : tenant.databases()) {
            if (!seen.add(database.blueprint())) {
                throw ControlException.badRequest("databases names blueprint '" + database.blueprint() + "' twice");
            }
        }
    }

    private String begin(Journal.Subject subject, NewTenant tenant) {
        ProjectId project = subject.project();
        String id = tenant.tenantId();
        try {
            return journal.begin(subject, (tables, operation) -> {
                if (tables.tenants().find(project, id).isPresent()) {
                    throw exists(TenantViews.required(tables, project, id));
                }
                tables.tenants().insert(new TenantRows.Row(project, id, clock.millis()));
                Set<Engine> engines = EnumSet.noneOf(Engine.class);
                for (NewTenant.NewDatabase wanted : tenant.databases()) {
                    reserve(tables, project, id, wanted, engines);
                }
            });
        } catch (DuplicateRow e) {
            throw exists(store.read(tables -> TenantViews.required(tables, project, id)));
        }
    }

    private static ControlException exists(Tenant tenant) {
        String path = "/tenants/" + tenant.id();
        return ControlException.conflict(
                tenant.status() == TenantStatus.DELETED
                        ? "Tenant '" + tenant.id() + "' is in trash. Use POST " + path + "/restore or DELETE " + path
                                + "?hard=true"
                        : "Tenant '" + tenant.id() + "' already exists");
    }

    private void reserve(
            Tables tables, ProjectId project, String tenant, NewTenant.NewDatabase wanted, Set<Engine> engines) {
        BlueprintRows.Row blueprint = tables.blueprints()
                .find(project, wanted.blueprint())
                .orElseThrow(() -> ControlException.notFound("Blueprint not found: " + wanted.blueprint()));
        if (!engines.add(blueprint.engine())) {
            throw ControlException.badRequest("databases names two blueprints for "
                    + blueprint.engine().title() + ": a tenant has at most one for each database type");
        }
        access.engine(blueprint.engine());
        DatabaseName name = new DatabaseName(wanted.blueprint(), tenant);
        HostRows.Row host = Placement.choose(tables, blueprint.engine(), wanted, name);
        tables.tenants()
                .insertDatabase(
                        project,
                        tenant,
                        new TenantRows.Database(
                                wanted.blueprint(),
                                blueprint.engine(),
                                wanted.isolationLevel(),
                                host.region(),
                                TenantStatus.PROVISIONING.word(),
                                "",
                                "",
                                blueprint.currentVersion()));
        tables.routes()
                .insert(new RouteRows.Row(
                        new RouteKey(blueprint.engine(), project, name),
                        HostAccess.place(host),
                        name.toString(),
                        FIRST_EPOCH,
                        FIRST_EPOCH,
                        RouteRows.PREPARING,
                        SuspendTerms.PATIENCE_DEFAULT.toMillis(),
                        clock.millis()));
        logins.make(tables, project, name, FIRST_EPOCH, clock.millis());
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
        return java.util.stream.IntStream.rangeClosed(1, newest)
                .boxed()
                .flatMap(version -> tables.blueprints().statements(project, blueprint, version).stream())
                .toList();
    }

    private void open(Tables tables, RouteRows.Row route) {
        DatabaseName name = route.key().database();
        tables.routes().state(route.key(), RouteRows.OPEN, route.patienceMs(), clock.millis());
        tables.tenants().status(route.key().project(), name.tenant(), name.blueprint(), TenantStatus.READY.word(), "");
    }

    /** Takes away what a creation that did not end has left. */
    void recover(OperationRows.Row operation) {
        Journal.Subject subject =
                new Journal.Subject(operation.type(), operation.project(), operation.tenant(), operation.blueprint());
        undo(operation.id(), subject, "the control plane stopped before the tenant was ready");
    }

    private void undo(String operation, Journal.Subject subject, String error) {
        ProjectId project = subject.project();
        List<RouteRows.Row> routes = store.read(tables -> tables.routes().ofTenant(project, subject.tenant()));
        Set<String> begun = store.read(tables -> tables.operations().steps(operation)).stream()
                .map(OperationRows.Step::name)
                .collect(java.util.stream.Collectors.toSet());
        try {
            for (RouteRows.Row route : routes) {
                if (begun.contains(CREATE_STEP + route.database())) {
                    List<LoginRows.Row> rows = store.read(
                            tables -> tables.logins().all(project, route.key().database()));
                    access.engine(route.key().engine())
                            .dropDatabase(access.admin(route.place()), route.database(), LoginSafe.users(rows));
                }
            }
        } catch (EngineException e) {
            String detail = error + "; and what had been made could not be removed: " + e.sentence();
            journal.finish(operation, subject, OperationState.FAILED, detail, tables -> {
                for (RouteRows.Row route : routes) {
                    DatabaseName name = route.key().database();
                    tables.tenants()
                            .status(project, name.tenant(), name.blueprint(), TenantStatus.FAILED.word(), detail);
                }
            });
            tell(project, subject.tenant(), TenantStatus.FAILED);
            return;
        }
        journal.finish(
                operation,
                subject,
                OperationState.ABORTED,
                error,
                tables -> tables.tenants().delete(project, subject.tenant()));
    }

    private void tell(ProjectId project, String tenant, TenantStatus status) {
        events.publish("tenant.status", project.value(), tenant, Map.of("status", status.word()));
    }
}
