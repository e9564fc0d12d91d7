package dev.tdb.control.tenant;

import dev.tdb.control.ControlException;
import dev.tdb.control.engine.EngineException;
import dev.tdb.control.event.Events;
import dev.tdb.control.host.HostAccess;
import dev.tdb.control.key.CredentialPublisher;
import dev.tdb.control.key.KeyScope;
import dev.tdb.control.operation.Journal;
import dev.tdb.control.operation.OperationState;
import dev.tdb.control.snapshot.LoginSafe;
import dev.tdb.control.snapshot.RouteBook;
import dev.tdb.control.store.LoginRows;
import dev.tdb.control.store.OperationRows;
import dev.tdb.control.store.RouteRows;
import dev.tdb.control.store.StateStore;
import dev.tdb.control.store.Tables;
import dev.tdb.proxy.credential.ProjectId;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/** Puts tenants into the trash, takes them out of it, and removes them for good. A removal once begun is gone on with. */
public final class TenantRemoval {
    static final String REMOVE = "delete";
    static final String TRASH = "trash";
    static final String RESTORE = "restore";
    static final String PURGE = "purge";

    private final StateStore store;
    private final Journal journal;
    private final HostAccess access;
    private final RouteBook book;
    private final CredentialPublisher credentials;
    private final Events events;
    private final InstantSource clock;

    public TenantRemoval(
            StateStore store,
            Journal journal,
            HostAccess access,
            RouteBook book,
            CredentialPublisher credentials,
            Events events,
            InstantSource clock) {
        this.store = store;
        this.journal = journal;
        this.access = access;
        this.book = book;
        this.credentials = credentials;
        this.events = events;
        this.clock = clock;
    }

    String trash(ProjectId project, String id) {
        Journal.Subject subject = new Journal.Subject(TRASH, project, id, "");
        String operation = journal.begin(subject, (tables, op) -> {
            Tenant tenant = TenantViews.required(tables, project, id);
            if (tenant.status() == TenantStatus.DELETED) {
                throw ControlException.conflict(TenantConflicts.inTrash(id));
            }
            checkDeletable(tenant);
            tables.tenants().trash(project, id, clock.millis());
            for (RouteRows.Row route : tables.routes().ofTenant(project, id)) {
                tables.routes().state(route.key(), RouteRows.DELETED, route.patienceMs(), clock.millis());
            }
        });
        return journal.watch(operation, () -> {
            stand(operation, subject);
            tell(project, id, TenantStatus.DELETED);
            return operation;
        });
    }

    /** What was written when the operation began is published, and with it all is done. */
    private void stand(String operation, Journal.Subject subject) {
        book.refreshTenant(subject.project(), subject.tenant()).join();
        journal.finish(operation, subject, OperationState.SUCCEEDED, "");
    }

    private static void checkDeletable(Tenant tenant) {
        switch (tenant.status()) {
            case READY, SUSPENDED, DELETED, FAILED -> {}
            case PROVISIONING, SYNCING, MIGRATING, RESTORING, RECOVERING ->
                throw ControlException.conflict("Tenant '" + tenant.id() + "' is "
                        + tenant.status().word() + ". Wait until it is ready before it can be deleted");
        }
    }

    RestoredTenant restore(ProjectId project, String id) {
        Journal.Subject subject = new Journal.Subject(RESTORE, project, id, "");
        String operation = journal.begin(subject, (tables, op) -> {
            Tenant tenant = TenantViews.required(tables, project, id);
            if (tenant.status() != TenantStatus.DELETED) {
                throw ControlException.conflict(
                        "Tenant '" + id + "' is " + tenant.status().word() + ". Only deleted tenants can be restored");
            }
            if (tables.tenants().isBeingRemoved(project, id)) {
                throw ControlException.conflict("Tenant '" + id + "' is being removed for good, and what it had may be"
                        + " gone already. Use DELETE /tenants/" + id + "?hard=true again");
            }
            tables.tenants().untrash(project, id);
            for (RouteRows.Row route : tables.routes().ofTenant(project, id)) {
                tables.routes()
                        .state(route.key(), stateAfter(tables, project, route), route.patienceMs(), clock.millis());
            }
        });
        return journal.watch(operation, () -> {
            stand(operation, subject);
            Tenant restored = store.read(tables -> TenantViews.required(tables, project, id));
            tell(project, id, restored.status());
            return new RestoredTenant(restored, operation);
        });
    }

    /** The route's state follows from what the database goes back to. */
    private static String stateAfter(Tables tables, ProjectId project, RouteRows.Row route) {
        String status = tables
                .tenants()
                .databases(project, route.key().database().tenant())
                .stream()
                .filter(database ->
                        database.blueprint().equals(route.key().database().blueprint()))
                .findFirst()
                .orElseThrow()
                .status();
        return switch (TenantStatus.parse(status)) {
            case READY -> RouteRows.OPEN;
            case SUSPENDED -> RouteRows.SUSPENDED;
            case SYNCING, MIGRATING, RECOVERING, RESTORING, PROVISIONING, DELETED, FAILED -> RouteRows.PREPARING;
        };
    }

    String remove(ProjectId project, String id) {
        Journal.Subject subject = new Journal.Subject(REMOVE, project, id, "");
        String operation = journal.begin(subject, (tables, op) -> {
            checkDeletable(TenantViews.required(tables, project, id));
            tables.tenants().trash(project, id, clock.millis());
            tables.tenants().removing(project, id);
            for (RouteRows.Row route : tables.routes().ofTenant(project, id)) {
                tables.routes().state(route.key(), RouteRows.DELETED, route.patienceMs(), clock.millis());
            }
        });
        tell(project, id, TenantStatus.DELETED);
        return journal.watch(operation, () -> finishRemoval(operation, subject));
    }

    /** Removes for good what is in the trash since {@code until} or longer; {@code conflict} when it is not any more. */
    void purge(ProjectId project, String id, long until) {
        Journal.Subject subject = new Journal.Subject(PURGE, project, id, "");
        String operation = journal.begin(subject, (tables, op) -> {
            boolean due = tables.tenants().trashedUntil(until).stream()
                    .anyMatch(row -> row.project().equals(project) && row.id().equals(id));
            if (!due) {
                throw ControlException.conflict("Tenant '" + id + "' is not in trash any more");
            }
            tables.tenants().removing(project, id);
        });
        journal.watch(operation, () -> finishRemoval(operation, subject));
    }

    /** Goes on with what a restart has interrupted. */
    void recover(OperationRows.Row operation) {
        Journal.Subject subject = Journal.Subject.of(operation);
        if (operation.type().equals(REMOVE) || operation.type().equals(PURGE)) {
            finishRemoval(operation.id(), subject);
        } else {
            // Trash and restore are one transaction, the one that began them: it stands.
            stand(operation.id(), subject);
        }
    }

    /** @return the operation's id */
    private String finishRemoval(String operation, Journal.Subject subject) {
        ProjectId project = subject.project();
        String id = subject.tenant();
        book.refreshTenant(project, id).join();
        List<RouteRows.Row> routes = store.read(tables -> tables.routes().ofTenant(project, id));
        try {
            for (RouteRows.Row route : routes) {
                journal.step(operation, "drop " + route.database(), 20);
                List<LoginRows.Row> rows = store.read(
                        tables -> tables.logins().all(project, route.key().database()));
                access.engine(route.key().engine())
                        .dropDatabase(access.admin(route.place()), route.database(), LoginSafe.users(rows));
            }
        } catch (EngineException e) {
            String error = "the databases could not be removed: " + e.sentence();
            journal.finish(operation, subject, OperationState.FAILED, error);
            throw ControlException.conflict(
                    "Tenant '" + id + "' is in trash, but " + error + ". Use DELETE /tenants/" + id
                            + "?hard=true again",
                    operation);
        }
        journal.step(operation, "forget", 90, tables -> {
            tables.keys().deleteReach(project.value(), KeyScope.Type.TENANT.word(), id);
            tables.tenants().delete(project, id);
        });
        // Gone from the data path before another tenant of the name may come.
        book.refreshTenant(project, id).join();
        credentials.refresh(project);
        journal.finish(operation, subject, OperationState.SUCCEEDED, "");
        return operation;
    }

    private void tell(ProjectId project, String tenant, TenantStatus status) {
        events.publish("tenant.status", project.value(), tenant, Map.of("status", status.word()));
    }
}
