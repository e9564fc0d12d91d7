package dev.tdb.control.tenant;

import dev.tdb.proxy.credential.ProjectId;
import java.util.List;

/** Tenants and what is done to them. Calls block until done; each change is an operation of the journal. */
public final class Tenants {
    public CreatedTenant create(ProjectId project, NewTenant tenant) {
        throw new UnsupportedOperationException("next push");
    }

    /** By id, at most {@code limit}, after skipping {@code offset}. */
    public List<Tenant> list(ProjectId project, int limit, int offset) {
        throw new UnsupportedOperationException("next push");
    }

    /** Throws {@code not_found} when there is none. */
    public Tenant get(ProjectId project, String id) {
        throw new UnsupportedOperationException("next push");
    }

    /** Holds all its databases, each unit for the patience of {@code terms}. */
    public Suspension suspend(ProjectId project, String id, SuspendTerms terms) {
        throw new UnsupportedOperationException("next push");
    }

    public Suspension resume(ProjectId project, String id) {
        throw new UnsupportedOperationException("next push");
    }

    /**
     * Puts a tenant in the trash, or, when {@code hard}, removes databases, logins, routes and credentials.
     *
     * @return the operation's id
     */
    public String delete(ProjectId project, String id, boolean hard) {
        throw new UnsupportedOperationException("next push");
    }

    /** Takes a tenant out of the trash. */
    public Tenant restore(ProjectId project, String id) {
        throw new UnsupportedOperationException("next push");
    }
}
