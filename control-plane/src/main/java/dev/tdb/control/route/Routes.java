package dev.tdb.control.route;

import dev.tdb.control.cutover.FlipRequest;
import dev.tdb.control.cutover.FlipResult;
import dev.tdb.control.tenant.SuspendTerms;
import dev.tdb.control.tenant.Suspension;
import dev.tdb.proxy.credential.ProjectId;
import java.util.List;

/** Routes, for operators. A route is named by its database, {@code blueprint__tenant}. */
public final class Routes {
    /** By database, at most {@code limit}, after skipping {@code offset}. */
    public List<RouteView> list(ProjectId project, int limit, int offset) {
        throw new UnsupportedOperationException("next push");
    }

    public RouteView get(ProjectId project, String database) {
        throw new UnsupportedOperationException("next push");
    }

    /** Leads a route to another server; blocks until done. Throws {@code conflict} when it was refused or given up. */
    public FlipResult flip(ProjectId project, String database, FlipRequest request) {
        throw new UnsupportedOperationException("next push");
    }

    /** Suspends one route; the tenant's other databases go on. */
    public Suspension suspend(ProjectId project, String database, SuspendTerms terms) {
        throw new UnsupportedOperationException("next push");
    }

    public Suspension resume(ProjectId project, String database) {
        throw new UnsupportedOperationException("next push");
    }
}
