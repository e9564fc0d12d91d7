package dev.tdb.control.tenant;

import dev.tdb.control.ControlException;
import dev.tdb.control.engine.EngineException;
import dev.tdb.control.operation.Journal;
import dev.tdb.control.store.OperationRows;
import dev.tdb.control.store.RouteRows;
import dev.tdb.control.store.StateStore;
import dev.tdb.proxy.credential.ProjectId;
import dev.tdb.proxy.route.DatabaseName;
import java.util.List;
import java.util.Optional;

/** Gives a tenant one more database: all of it, or nothing. What the tenant has goes on meanwhile. */
public final class DatabaseAddition {
    static final String TYPE = "add_database";

    private final TenantReservation reservation;
    private final DatabaseBuild build;
    private final DatabaseOpening opening;
    private final StateStore store;
    private final Journal journal;

    public DatabaseAddition(
            TenantReservation reservation,
            DatabaseBuild build,
            DatabaseOpening opening,
            StateStore store,
            Journal journal) {
        this.reservation = reservation;
        this.build = build;
        this.opening = opening;
        this.store = store;
        this.journal = journal;
    }

    /** @return the operation's id */
    String add(ProjectId project, String tenant, NewTenant.NewDatabase wanted) {
        Journal.Subject subject = new Journal.Subject(TYPE, project, tenant, wanted.blueprint());
        String operation = reservation.beginAddition(subject, wanted);
        return journal.watch(operation, () -> {
            List<RouteRows.Row> routes = routes(subject);
            try {
                routes.forEach(route -> build.make(operation, route));
                opening.open(operation, routes, tables -> {});
            } catch (EngineException | ControlException e) {
                throw notAdded(operation, subject, routes, String.valueOf(e.getMessage()));
            }
            opening.succeed(operation, subject);
            return operation;
        });
    }

    /** The one that is added; none when it has been taken away again. */
    private List<RouteRows.Row> routes(Journal.Subject subject) {
        DatabaseName name = new DatabaseName(subject.blueprint(), subject.tenant());
        return store.read(tables -> tables.routes().find(subject.project(), name)).stream()
                .toList();
    }

    private ControlException notAdded(
            String operation, Journal.Subject subject, List<RouteRows.Row> routes, String error) {
        String database = "Database '" + new DatabaseName(subject.blueprint(), subject.tenant()) + "'";
        Optional<String> left = undo(operation, subject, routes, error);
        return ControlException.conflict(
                left.isEmpty()
                        ? database + " was not added: " + error
                        : database + " has failed: " + error + "; and " + left.get() + ". Use POST /tenants/"
                                + subject.tenant() + "/retry",
                operation);
    }

    private Optional<String> undo(String operation, Journal.Subject subject, List<RouteRows.Row> routes, String error) {
        return opening.undo(
                operation,
                subject,
                routes,
                error,
                tables -> tables.tenants().deleteDatabase(subject.project(), subject.tenant(), subject.blueprint()));
    }

    /** Takes the database away again, unless it was ready. */
    void recover(OperationRows.Row operation) {
        Journal.Subject subject = Journal.Subject.of(operation);
        if (opening.isOpen(operation.id())) {
            opening.succeed(operation.id(), subject);
        } else {
            undo(operation.id(), subject, routes(subject), "the control plane stopped before the database was ready");
        }
    }
}
