package dev.tdb.control.route;

import dev.tdb.control.ControlException;
import dev.tdb.control.cutover.Cutover;
import dev.tdb.control.cutover.FlipRequest;
import dev.tdb.control.cutover.FlipResult;
import dev.tdb.control.snapshot.RouteBook;
import dev.tdb.control.store.RouteRows;
import dev.tdb.control.store.StateStore;
import dev.tdb.control.tenant.SuspendTerms;
import dev.tdb.control.tenant.Suspension;
import dev.tdb.control.tenant.Suspensions;
import dev.tdb.proxy.credential.ProjectId;
import dev.tdb.proxy.route.DatabaseName;
import java.time.Instant;
import java.util.List;

/** Routes, for operators. A route is named by its database, {@code blueprint__tenant}. */
public final class Routes {
    private final StateStore store;
    private final Cutover cutover;
    private final Suspensions suspensions;

    public Routes(StateStore store, Cutover cutover, Suspensions suspensions) {
        this.store = store;
        this.cutover = cutover;
        this.suspensions = suspensions;
    }

    /** By database, at most {@code limit}, after skipping {@code offset}. */
    public List<RouteView> list(ProjectId project, int limit, int offset) {
        return store.read(tables -> tables.routes().list(project, limit, offset)).stream()
                .map(Routes::view)
                .toList();
    }

    public RouteView get(ProjectId project, String database) {
        return view(required(project, database));
    }

    /** Leads a route to another server; blocks until done. Throws {@code conflict} when it was refused or given up. */
    public FlipResult flip(ProjectId project, String database, FlipRequest request) {
        return cutover.flip(required(project, database), request);
    }

    /** Suspends one route; the tenant's other databases go on. */
    public Suspension suspend(ProjectId project, String database, SuspendTerms terms) {
        DatabaseName name = required(project, database).key().database();
        return suspensions.suspend(project, name.tenant(), name.blueprint(), terms);
    }

    public Suspension resume(ProjectId project, String database) {
        DatabaseName name = required(project, database).key().database();
        return suspensions.resume(project, name.tenant(), name.blueprint());
    }

    private RouteRows.Row required(ProjectId project, String database) {
        return DatabaseName.parse(database)
                .flatMap(name -> store.read(tables -> tables.routes().find(project, name)))
                .orElseThrow(() -> ControlException.notFound("Route not found: " + database));
    }

    private static RouteView view(RouteRows.Row row) {
        return new RouteView(
                row.key(),
                row.place().hostId(),
                row.place().address(),
                row.database(),
                row.epoch(),
                RouteBook.state(row),
                Instant.ofEpochMilli(row.changedAt()));
    }
}
