package dev.tdb.control.plane;

import dev.tdb.control.cutover.Cutover;
import dev.tdb.control.deployment.Deployments;
import dev.tdb.control.deployment.TenantDeploy;
import dev.tdb.control.store.OperationRows;
import dev.tdb.control.tenant.TenantRecovery;

/** Ends operations that were left running, each as its type has it. */
final class Recovery {
    private final TenantRecovery tenants;
    private final Cutover cutover;

    Recovery(TenantRecovery tenants, Cutover cutover) {
        this.tenants = tenants;
        this.cutover = cutover;
    }

    void end(OperationRows.Row operation) {
        switch (operation.type()) {
            case Cutover.TYPE -> cutover.recover(operation);
            case Deployments.TYPE, TenantDeploy.TYPE -> {
                // Gone on with by the deployments themselves, when all else is in order.
            }
            default -> tenants.recover(operation);
        }
    }
}
