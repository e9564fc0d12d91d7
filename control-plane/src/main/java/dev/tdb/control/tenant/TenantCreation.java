package dev.tdb.control.tenant;

import dev.tdb.control.ControlException;
import dev.tdb.control.engine.EngineException;
import dev.tdb.control.key.CredentialPublisher;
import dev.tdb.control.key.KeyMaker;
import dev.tdb.control.key.KeyScope;
import dev.tdb.control.key.KeySpec;
import dev.tdb.control.operation.Journal;
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
    private static final String STOPPED = "the control plane stopped before the tenant was ready";

    private final TenantReservation reservation;
    private final DatabaseBuild build;
    private final DatabaseOpening opening;
    private final StateStore store;
    private final Journal journal;
    private final CredentialPublisher credentials;
    private final InstantSource clock;

    public TenantCreation(
            TenantReservation reservation,
            DatabaseBuild build,
            DatabaseOpening opening,
            StateStore store,
            Journal journal,
            CredentialPublisher credentials,
            InstantSource clock) {
        this.reservation = reservation;
        this.build = build;
        this.opening = opening;
        this.store = store;
        this.journal = journal;
        this.credentials = credentials;
        this.clock = clock;
    }

    CreatedTenant create(ProjectId project, NewTenant tenant) {
        ProjectRows.Row owner = owner(project);
        KeyMaker.Password password = KeyMaker.password(owner);
        Journal.Subject subject = new Journal.Subject(TYPE, project, tenant.tenantId(), "");
        String operation = reservation.begin(subject, tenant);
        return journal.watch(operation, () -> {
            List<RouteRows.Row> routes = routes(subject);
            try {
                routes.forEach(route -> build.make(operation, route));
                opening.open(operation, routes, tables -> giveKey(tables, owner, tenant.tenantId(), password));
            } catch (EngineException | ControlException e) {
                throw notCreated(operation, subject, routes, String.valueOf(e.getMessage()));
            }
            finish(operation, subject);
            Tenant created = store.read(tables -> TenantViews.required(tables, project, tenant.tenantId()));
            return new CreatedTenant(created, password.plain(), operation);
        });
    }

    private List<RouteRows.Row> routes(Journal.Subject subject) {
        return store.read(tables -> tables.routes().ofTenant(subject.project(), subject.tenant()));
    }

    private ControlException notCreated(
            String operation, Journal.Subject subject, List<RouteRows.Row> routes, String error) {
        String path = "/tenants/" + subject.tenant();
        Optional<String> left = undo(operation, subject, routes, error);
        return ControlException.conflict(
                left.isEmpty()
                        ? "Tenant '" + subject.tenant() + "' was not created: " + error
                        : "Tenant '" + subject.tenant() + "' has failed: " + error + "; and " + left.get()
                                + ". Use POST " + path + "/retry or DELETE " + path + "?hard=true",
                operation);
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
            routes.forEach(route -> DatabaseOpening.status(tables, route, TenantStatus.PROVISIONING, ""));
        });
        return journal.watch(operation, () -> {
            try {
                routes.forEach(route -> build.complete(operation, route));
                opening.open(operation, routes, tables -> {
                    if (wasNeverReady[0]) {
                        giveKey(tables, owner, id, password);
                    }
                });
            } catch (EngineException | ControlException e) {
                String sentence = String.valueOf(e.getMessage());
                opening.fail(operation, subject, routes, sentence);
                throw ControlException.conflict("Tenant '" + id + "' has failed again: " + sentence, operation);
            }
            finish(operation, subject);
            Tenant ready = store.read(tables -> TenantViews.required(tables, project, id));
            return new RetriedTenant(
                    ready, wasNeverReady[0] ? Optional.of(password.plain()) : Optional.empty(), operation);
        });
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

    private void finish(String operation, Journal.Subject subject) {
        credentials.refresh(subject.project());
        opening.succeed(operation, subject);
    }

    private void giveKey(Tables tables, ProjectRows.Row owner, String tenant, KeyMaker.Password password) {
        KeySpec spec = new KeySpec("tenant " + tenant, Role.WRITE, KeyScope.tenant(tenant));
        String keyId = KeyMaker.insertKey(tables, owner, spec, clock.millis());
        KeyMaker.insertPassword(tables, keyId, password, clock.millis());
    }

    /** Takes away what a creation that did not end has left, or tells the data path when it was ready. */
    void recover(OperationRows.Row operation) {
        Journal.Subject subject = Journal.Subject.of(operation);
        if (opening.isOpen(operation.id())) {
            finish(operation.id(), subject);
        } else if (operation.type().equals(RETRY)) {
            opening.fail(operation.id(), subject, provisioning(subject), STOPPED);
        } else {
            undo(operation.id(), subject, routes(subject), STOPPED);
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

    private Optional<String> undo(String operation, Journal.Subject subject, List<RouteRows.Row> routes, String error) {
        return opening.undo(operation, subject, routes, error, tables -> {
            // Its key is there when it cannot be told whether the last step was written: nobody has seen it.
            tables.keys().deleteReach(subject.project().value(), KeyScope.Type.TENANT.word(), subject.tenant());
            tables.tenants().delete(subject.project(), subject.tenant());
        });
    }
}
