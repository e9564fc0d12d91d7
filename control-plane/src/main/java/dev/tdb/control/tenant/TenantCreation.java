package dev.tdb.control.tenant;

import dev.tdb.control.ControlException;
import dev.tdb.control.engine.EngineException;
import dev.tdb.control.event.Events;
import dev.tdb.control.key.CredentialPublisher;
import dev.tdb.control.key.KeyMaker;
import dev.tdb.control.key.KeyScope;
import dev.tdb.control.key.KeySpec;
import dev.tdb.control.operation.Journal;
import dev.tdb.control.operation.OperationState;
import dev.tdb.control.snapshot.RouteBook;
import dev.tdb.control.store.OperationRows;
import dev.tdb.control.store.ProjectRows;
import dev.tdb.control.store.RouteRows;
import dev.tdb.control.store.StateStore;
import dev.tdb.control.store.Tables;
import dev.tdb.control.store.TenantRows;
import dev.tdb.proxy.credential.ProjectId;
import dev.tdb.proxy.credential.Role;
import dev.tdb.proxy.route.DatabaseName;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Makes tenants: all of one, or nothing of it. What is on the servers is journalled before it is made, so that a restart
 * can take it away again.
 */
public final class TenantCreation {
    static final String TYPE = "create";
    static final String RETRY = "retry";
    private static final String PUBLISH_STEP = "publish";

    private final TenantReservation reservation;
    private final DatabaseBuild build;
    private final StateStore store;
    private final Journal journal;
    private final RouteBook book;
    private final CredentialPublisher credentials;
    private final Events events;
    private final InstantSource clock;

    public TenantCreation(
            TenantReservation reservation,
            DatabaseBuild build,
            StateStore store,
            Journal journal,
            RouteBook book,
            CredentialPublisher credentials,
            Events events,
            InstantSource clock) {
        this.reservation = reservation;
        this.build = build;
        this.store = store;
        this.journal = journal;
        this.book = book;
        this.credentials = credentials;
        this.events = events;
        this.clock = clock;
    }

    CreatedTenant create(ProjectId project, NewTenant tenant) {
        ProjectRows.Row owner = owner(project);
        KeyMaker.Password password = KeyMaker.password(owner);
        Journal.Subject subject = new Journal.Subject(TYPE, project, tenant.tenantId(), "");
        String operation = reservation.begin(subject, tenant);
        List<RouteRows.Row> routes = store.read(tables -> tables.routes().ofTenant(project, tenant.tenantId()));
        try {
            for (RouteRows.Row route : routes) {
                build.make(operation, route);
            }
            journal.step(operation, PUBLISH_STEP, 90, tables -> {
                open(tables, routes);
                giveKey(tables, owner, tenant.tenantId(), password);
            });
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

    private ProjectRows.Row owner(ProjectId project) {
        return store.read(tables -> tables.projects().find(project))
                .orElseThrow(() -> ControlException.notFound("Project not found: " + project));
    }

    /**
     * Goes on with databases that could neither be made nor taken away. A tenant that was never ready gets its password
     * now: the one made before was shown to nobody.
     */
    RetriedTenant retry(ProjectId project, String id) {
        ProjectRows.Row owner = owner(project);
        KeyMaker.Password password = KeyMaker.password(owner);
        Journal.Subject subject = new Journal.Subject(RETRY, project, id, "");
        List<RouteRows.Row> routes = new ArrayList<>();
        boolean[] wasNeverReady = {false};
        String operation = journal.begin(subject, (tables, op) -> {
            Tenant tenant = TenantViews.required(tables, project, id);
            routes.addAll(failed(tables, tenant));
            wasNeverReady[0] = routes.size() == tenant.databases().size();
            routes.forEach(route -> status(tables, route, TenantStatus.PROVISIONING, ""));
        });
        try {
            routes.forEach(route -> build.complete(operation, route));
            journal.step(operation, PUBLISH_STEP, 90, tables -> {
                open(tables, routes);
                if (wasNeverReady[0]) {
                    giveKey(tables, owner, id, password);
                }
            });
        } catch (EngineException | ControlException e) {
            String sentence = String.valueOf(e.getMessage());
            failAgain(operation, subject, routes, sentence);
            throw ControlException.conflict("Tenant '" + id + "' has failed again: " + sentence, operation);
        }
        finish(operation, subject);
        Tenant ready = store.read(tables -> TenantViews.required(tables, project, id));
        return new RetriedTenant(ready, wasNeverReady[0] ? Optional.of(password.plain()) : Optional.empty(), operation);
    }

    /** Throws {@code conflict} when nothing of the tenant has failed. */
    private static List<RouteRows.Row> failed(Tables tables, Tenant tenant) {
        if (tenant.status() != TenantStatus.FAILED) {
            throw ControlException.conflict("Tenant '" + tenant.id() + "' is "
                    + tenant.status().word() + ". Only what has failed can be tried again");
        }
        Set<DatabaseName> failed = tenant.databases().stream()
                .filter(database -> database.status() == TenantStatus.FAILED)
                .map(TenantDatabase::name)
                .collect(Collectors.toSet());
        return tables.routes().ofTenant(tenant.project(), tenant.id()).stream()
                .filter(route -> failed.contains(route.key().database()))
                .toList();
    }

    private void failAgain(String operation, Journal.Subject subject, List<RouteRows.Row> routes, String error) {
        journal.finish(
                operation,
                subject,
                OperationState.FAILED,
                error,
                tables -> routes.forEach(route -> status(tables, route, TenantStatus.FAILED, error)));
        tell(subject.project(), subject.tenant(), TenantStatus.FAILED);
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

    private void open(Tables tables, List<RouteRows.Row> routes) {
        for (RouteRows.Row route : routes) {
            tables.routes().state(route.key(), RouteRows.OPEN, route.patienceMs(), clock.millis());
            status(tables, route, TenantStatus.READY, "");
        }
    }

    private void giveKey(Tables tables, ProjectRows.Row owner, String tenant, KeyMaker.Password password) {
        KeySpec spec = new KeySpec("tenant " + tenant, Role.WRITE, KeyScope.tenant(tenant));
        String keyId = KeyMaker.insertKey(tables, owner, spec, clock.millis());
        KeyMaker.insertPassword(tables, keyId, password, clock.millis());
    }

    private static void status(Tables tables, RouteRows.Row route, TenantStatus status, String detail) {
        DatabaseName name = route.key().database();
        tables.tenants().status(route.key().project(), name.tenant(), name.blueprint(), status.word(), detail);
    }

    /** Takes away what a creation that did not end has left, or tells the data path when it was ready. */
    void recover(OperationRows.Row operation) {
        Journal.Subject subject = Journal.Subject.of(operation);
        String error = "the control plane stopped before the tenant was ready";
        boolean ready = store.read(tables -> tables.operations().steps(operation.id())).stream()
                .anyMatch(step -> step.name().equals(PUBLISH_STEP));
        if (ready) {
            finish(operation.id(), subject);
        } else if (operation.type().equals(RETRY)) {
            failAgain(operation.id(), subject, provisioning(subject), error);
        } else {
            undo(operation.id(), subject, error);
        }
    }

    private List<RouteRows.Row> provisioning(Journal.Subject subject) {
        return store.read(tables -> {
            Set<String> blueprints = tables.tenants().databases(subject.project(), subject.tenant()).stream()
                    .filter(database -> database.status().equals(TenantStatus.PROVISIONING.word()))
                    .map(TenantRows.Database::blueprint)
                    .collect(Collectors.toSet());
            return tables.routes().ofTenant(subject.project(), subject.tenant()).stream()
                    .filter(route -> blueprints.contains(route.key().database().blueprint()))
                    .toList();
        });
    }

    private void undo(String operation, Journal.Subject subject, String error) {
        ProjectId project = subject.project();
        List<RouteRows.Row> routes = store.read(tables -> tables.routes().ofTenant(project, subject.tenant()));
        try {
            build.begun(operation, routes).forEach(build::drop);
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

    private void tell(ProjectId project, String tenant, TenantStatus status) {
        events.publish("tenant.status", project.value(), tenant, Map.of("status", status.word()));
    }
}
