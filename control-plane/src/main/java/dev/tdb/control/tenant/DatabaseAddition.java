package dev.tdb.control.tenant;

import dev.tdb.control.ControlException;
import dev.tdb.control.engine.EngineException;
import dev.tdb.control.event.Events;
import dev.tdb.control.operation.Journal;
import dev.tdb.control.operation.OperationState;
import dev.tdb.control.snapshot.RouteBook;
import dev.tdb.control.store.OperationRows;
import dev.tdb.control.store.RouteRows;
import dev.tdb.control.store.StateStore;
import dev.tdb.control.store.Tables;
import dev.tdb.proxy.credential.ProjectId;
import dev.tdb.proxy.route.DatabaseName;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/** Gives a tenant one more database: all of it, or nothing. What the tenant has goes on meanwhile. */
public final class DatabaseAddition {
    static final String TYPE = "add_database";
    private static final String PUBLISH_STEP = "publish";

    private final TenantReservation reservation;
    private final DatabaseBuild build;
    private final StateStore store;
    private final Journal journal;
    private final RouteBook book;
    private final Events events;
    private final InstantSource clock;

    public DatabaseAddition(
            TenantReservation reservation,
            DatabaseBuild build,
            StateStore store,
            Journal journal,
            RouteBook book,
            Events events,
            InstantSource clock) {
        this.reservation = reservation;
        this.build = build;
        this.store = store;
        this.journal = journal;
        this.book = book;
        this.events = events;
        this.clock = clock;
    }

    /** @return the operation's id */
    String add(ProjectId project, String tenant, NewTenant.NewDatabase wanted) {
        Journal.Subject subject = new Journal.Subject(TYPE, project, tenant, wanted.blueprint());
        String operation = reservation.beginAddition(subject, wanted);
        RouteRows.Row route = route(subject);
        try {
            build.make(operation, route);
            journal.step(operation, PUBLISH_STEP, 90, tables -> {
                tables.routes().state(route.key(), RouteRows.OPEN, route.patienceMs(), clock.millis());
                status(tables, subject, TenantStatus.READY, "");
            });
        } catch (EngineException | ControlException e) {
            String sentence = String.valueOf(e.getMessage());
            undo(operation, subject, route, sentence);
            throw ControlException.conflict(
                    "Database '" + route.key().database() + "' was not added: " + sentence, operation);
        }
        finish(operation, subject, route);
        return operation;
    }

    private RouteRows.Row route(Journal.Subject subject) {
        DatabaseName name = new DatabaseName(subject.blueprint(), subject.tenant());
        return store.read(tables -> tables.routes().find(subject.project(), name))
                .orElseThrow(() -> new IllegalStateException("no route to " + name));
    }

    private static void status(Tables tables, Journal.Subject subject, TenantStatus status, String detail) {
        tables.tenants().status(subject.project(), subject.tenant(), subject.blueprint(), status.word(), detail);
    }

    private void finish(String operation, Journal.Subject subject, RouteRows.Row route) {
        book.refresh(route.key()).join();
        journal.finish(operation, subject, OperationState.SUCCEEDED, "");
        tell(subject);
    }

    /** Takes the database away again, unless it was ready. */
    void recover(OperationRows.Row operation) {
        Journal.Subject subject = Journal.Subject.of(operation);
        RouteRows.Row route = route(subject);
        boolean ready = store.read(tables -> tables.operations().steps(operation.id())).stream()
                .anyMatch(step -> step.name().equals(PUBLISH_STEP));
        if (ready) {
            finish(operation.id(), subject, route);
        } else {
            undo(operation.id(), subject, route, "the control plane stopped before the database was ready");
        }
    }

    private void undo(String operation, Journal.Subject subject, RouteRows.Row route, String error) {
        try {
            build.begun(operation, List.of(route)).forEach(build::drop);
        } catch (EngineException e) {
            String detail = error + "; and what had been made could not be removed: " + e.sentence();
            journal.finish(
                    operation,
                    subject,
                    OperationState.FAILED,
                    detail,
                    tables -> status(tables, subject, TenantStatus.FAILED, detail));
            tell(subject);
            return;
        }
        journal.finish(
                operation,
                subject,
                OperationState.ABORTED,
                error,
                tables -> tables.tenants().deleteDatabase(subject.project(), subject.tenant(), subject.blueprint()));
        book.refresh(route.key()).join(); // at a restart it was published, as being prepared
        tell(subject);
    }

    private void tell(Journal.Subject subject) {
        TenantStatus status = store.read(tables -> TenantViews.required(tables, subject.project(), subject.tenant())
                .status());
        events.publish(
                "tenant.status",
                subject.project().value(),
                subject.tenant(),
                Map.of("status", status.word(), "blueprint", subject.blueprint()));
    }
}
