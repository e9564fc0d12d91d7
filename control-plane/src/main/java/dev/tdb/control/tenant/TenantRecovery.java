package dev.tdb.control.tenant;

import dev.tdb.control.store.OperationRows;

/** Ends the operations on tenants that an earlier process left running. */
public final class TenantRecovery {
    private final TenantCreation creation;
    private final DatabaseAddition addition;
    private final TenantRemoval removal;
    private final Suspensions suspensions;

    public TenantRecovery(
            TenantCreation creation, DatabaseAddition addition, TenantRemoval removal, Suspensions suspensions) {
        this.creation = creation;
        this.addition = addition;
        this.removal = removal;
        this.suspensions = suspensions;
    }

    public void recover(OperationRows.Row operation) {
        switch (operation.type()) {
            case TenantCreation.TYPE, TenantCreation.RETRY -> creation.recover(operation);
            case DatabaseAddition.TYPE -> addition.recover(operation);
            case TenantRemoval.REMOVE, TenantRemoval.PURGE, TenantRemoval.TRASH, TenantRemoval.RESTORE ->
                removal.recover(operation);
            case Suspensions.SUSPEND, Suspensions.RESUME -> suspensions.recover(operation);
            default -> throw new IllegalStateException("operation " + operation.id() + " of type " + operation.type());
        }
    }
}
