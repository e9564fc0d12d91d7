package dev.tdb.control.plane;

import dev.tdb.control.cutover.Cutover;
import dev.tdb.control.deployment.Deployments;
import dev.tdb.control.deployment.TenantDeploy;
import dev.tdb.control.operation.Journal;
import dev.tdb.control.store.OperationRows;
import dev.tdb.control.tenant.TenantRecovery;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes up the operations that an earlier process left running. One that cannot be ended keeps no other from it. */
final class Recovery {
    private static final Logger log = LoggerFactory.getLogger(Recovery.class);

    private final Journal journal;
    private final TenantRecovery tenants;
    private final Cutover cutover;

    Recovery(Journal journal, TenantRecovery tenants, Cutover cutover) {
        this.journal = journal;
        this.tenants = tenants;
        this.cutover = cutover;
    }

    void run() {
        for (OperationRows.Row operation : journal.unfinished()) {
            log.atInfo()
                    .addKeyValue("operation", operation.id())
                    .addKeyValue("type", operation.type())
                    .log("operation taken up");
            try {
                take(operation);
            } catch (RuntimeException e) {
                log.atError()
                        .addKeyValue("operation", operation.id())
                        .setCause(e)
                        .log("operation could not be ended");
                if (operation.type().equals(Cutover.TYPE)) {
                    cutover.finishLater(operation.id());
                }
            }
        }
    }

    private void take(OperationRows.Row operation) {
        switch (operation.type()) {
            case Cutover.TYPE -> cutover.recover(operation);
            case Deployments.TYPE, TenantDeploy.TYPE -> {
                // Gone on with by the deployments themselves, when all else is in order.
            }
            default -> tenants.recover(operation);
        }
    }
}
