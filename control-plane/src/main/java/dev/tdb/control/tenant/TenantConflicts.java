package dev.tdb.control.tenant;

import dev.tdb.control.ControlException;

/** The sentences in which a tenant in the wrong state is refused: what it is, and what would help. */
final class TenantConflicts {
    private TenantConflicts() {}

    /**
     * A call that wants the tenant to be in another state.
     *
     * @param wanted which tenants it is for, such as {@code Only ready tenants can be suspended}
     */
    static ControlException unfit(String id, TenantStatus status, String wanted) {
        String is = "Tenant '" + id + "' is ";
        return ControlException.conflict(
                switch (status) {
                    case DELETED -> inTrash(id);
                    case FAILED ->
                        is + "failed. " + wanted + ". Use POST /tenants/" + id + "/retry or DELETE /tenants/" + id
                                + "?hard=true";
                    case SUSPENDED -> is + "suspended. " + wanted + ". Use POST /tenants/" + id + "/resume";
                    case READY -> is + "ready. " + wanted;
                    case SYNCING, MIGRATING, RECOVERING, RESTORING, PROVISIONING ->
                        is + status.word() + ". " + wanted + ". Wait until it is ready";
                });
    }

    static String inTrash(String id) {
        return "Tenant '" + id + "' is in trash. Use POST /tenants/" + id + "/restore or DELETE /tenants/" + id
                + "?hard=true";
    }
}
