package dev.tdb.control.tenant;

import dev.tdb.control.store.StateStore;
import dev.tdb.proxy.credential.ProjectId;
import java.util.List;

/** Tenants and what is done to them. Calls block until done; each change is an operation of the journal. */
public final class Tenants {
    private final StateStore store;
    private final TenantCreation creation;
    private final DatabaseAddition addition;
    private final TenantRemoval removal;
    private final Suspensions suspensions;

    public Tenants(
            StateStore store,
            TenantCreation creation,
            DatabaseAddition addition,
            TenantRemoval removal,
            Suspensions suspensions) {
        this.store = store;
        this.creation = creation;
        this.addition = addition;
        this.removal = removal;
        this.suspensions = suspensions;
    }

    public CreatedTenant create(ProjectId project, NewTenant tenant) {
        return creation.create(project, tenant);
    }

    /**
     * Adds a database to a tenant that is ready; its password reaches that one too.
     *
     * @return the operation's id
     */
    public String addDatabase(ProjectId project, String id, NewTenant.NewDatabase wanted) {
        return addition.add(project, id, wanted);
    }

    /** Goes on with a tenant that has failed. */
    public RetriedTenant retry(ProjectId project, String id) {
        return creation.retry(project, id);
    }

    /** By id, at most {@code limit}, after skipping {@code offset}. */
    public List<Tenant> list(ProjectId project, int limit, int offset) {
        return store.read(tables -> tables.tenants().list(project, limit, offset).stream()
                .map(row -> TenantViews.view(tables, row))
                .toList());
    }

    /** Throws {@code not_found} when there is none. */
    public Tenant get(ProjectId project, String id) {
        return store.read(tables -> TenantViews.required(tables, project, id));
    }

    /** Holds all its databases, each unit for the patience of {@code terms}. */
    public Suspension suspend(ProjectId project, String id, SuspendTerms terms) {
        return suspensions.suspend(project, id, "", terms);
    }

    public Suspension resume(ProjectId project, String id) {
        return suspensions.resume(project, id, "");
    }

    /**
     * Puts a tenant in the trash, or, when {@code hard}, removes databases, logins, routes and credentials.
     *
     * @return the operation's id
     */
    public String delete(ProjectId project, String id, boolean hard) {
        return hard ? removal.remove(project, id) : removal.trash(project, id);
    }

    /** Takes a tenant out of the trash. */
    public RestoredTenant restore(ProjectId project, String id) {
        return removal.restore(project, id);
    }
}
