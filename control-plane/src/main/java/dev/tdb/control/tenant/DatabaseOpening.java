package dev.tdb.control.tenant;

import dev.tdb.control.engine.EngineException;
import dev.tdb.control.event.Events;
import dev.tdb.control.operation.Journal;
import dev.tdb.control.operation.OperationState;
import dev.tdb.control.snapshot.RouteBook;
import dev.tdb.control.store.RouteRows;
import dev.tdb.control.store.StateStore;
import dev.tdb.control.store.Tables;
import dev.tdb.proxy.route.DatabaseName;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The ends of every making of databases: they are opened to clients, or taken away again, or left as failed. */
public final class DatabaseOpening {
    private static final String STEP = "publish";

    private final StateStore store;
    private final Journal journal;
    private final DatabaseBuild build;
    private final RouteBook book;
    private final Events events;
    private final InstantSource clock;

    public DatabaseOpening(
            StateStore store,
            Journal journal,
            DatabaseBuild build,
            RouteBook book,
            Events events,
            InstantSource clock) {
        this.store = store;
        this.journal = journal;
        this.build = build;
        this.book = book;
        this.events = events;
        this.clock = clock;
    }

    /** Writes that they are ready, and does {@code more} in the same transaction: from here on there is only forward. */
    void open(String operation, List<RouteRows.Row> routes, Consumer<Tables> more) {
        journal.step(operation, STEP, 90, tables -> {
            for (RouteRows.Row route : routes) {
                tables.routes().state(route.key(), RouteRows.OPEN, route.patienceMs(), clock.millis());
                status(tables, route, TenantStatus.READY, "");
            }
            more.accept(tables);
        });
    }

    boolean isOpen(String operation) {
        return store.read(tables -> tables.operations().steps(operation)).stream()
                .anyMatch(step -> step.name().equals(STEP));
    }

    /** They are ready in the store; the operation ends when they are ready on the data path, too. */
    void succeed(String operation, Journal.Subject subject) {
        book.refreshTenant(subject.project(), subject.tenant()).join();
        journal.finish(operation, subject, OperationState.SUCCEEDED, "");
        tell(subject);
    }

    /**
     * Takes away what an operation has made of {@code routes}, then forgets it.
     *
     * @param forget removes it from the control database
     * @return why it is still there, as failed; empty when it is gone
     */
    Optional<String> undo(
            String operation,
            Journal.Subject subject,
            List<RouteRows.Row> routes,
            String error,
            Consumer<Tables> forget) {
        try {
            build.begun(operation, routes).forEach(build::drop);
        } catch (EngineException e) {
            String left = "what had been made could not be removed: " + e.sentence();
            fail(operation, subject, routes, error + "; and " + left);
            return Optional.of(left);
        }
        store.write(tables -> {
            forget.accept(tables);
            return operation;
        });
        book.refreshTenant(subject.project(), subject.tenant())
                .join(); // at a start it was published, as being prepared
        journal.finish(operation, subject, OperationState.ABORTED, error);
        tell(subject);
        return Optional.empty();
    }

    void fail(String operation, Journal.Subject subject, List<RouteRows.Row> routes, String error) {
        journal.finish(
                operation,
                subject,
                OperationState.FAILED,
                error,
                tables -> routes.forEach(route -> status(tables, route, TenantStatus.FAILED, error)));
        tell(subject);
    }

    static void status(Tables tables, RouteRows.Row route, TenantStatus status, String detail) {
        DatabaseName name = route.key().database();
        tables.tenants().status(route.key().project(), name.tenant(), name.blueprint(), status.word(), detail);
    }

    /** What has become of the tenant; of one that is gone nothing is to be told. */
    private void tell(Journal.Subject subject) {
        store.read(tables -> tables.tenants()
                        .find(subject.project(), subject.tenant())
                        .map(row -> TenantViews.view(tables, row).status()))
                .ifPresent(status -> events.publish(
                        "tenant.status",
                        subject.project().value(),
                        subject.tenant(),
                        Map.of("status", status.word(), "blueprint", subject.blueprint())));
    }
}
