package dev.tdb.control.tenant;

import dev.tdb.control.ControlException;
import dev.tdb.control.ErrorCode;
import dev.tdb.control.host.Host;
import dev.tdb.control.store.HostRows;
import dev.tdb.control.store.Tables;
import dev.tdb.proxy.route.DatabaseName;
import dev.tdb.proxy.route.Engine;
import java.util.Comparator;

/** Chooses the host of a new tenant database: the one that is least full and does not hold the name yet. */
final class Placement {
    private static final int SHARED = 1;
    private static final int DEDICATED = 2;

    private Placement() {}

    static HostRows.Row choose(Tables tables, Engine engine, NewTenant.NewDatabase wanted, DatabaseName name) {
        checkLevel(wanted.isolationLevel());
        return tables.hosts().list().stream()
                .filter(host -> host.engine() == engine)
                .filter(host -> host.level() == wanted.isolationLevel())
                .filter(host -> wanted.region().isEmpty() || wanted.region().equals(host.region()))
                .filter(host -> host.state().equals(Host.State.READY.word()))
                .filter(host -> host.databases() < host.capacity())
                .filter(host -> !tables.routes().isTaken(host.address(), name.toString()))
                .min(Comparator.comparingDouble(host -> (double) host.databases() / host.capacity()))
                .orElseThrow(() -> ControlException.conflict("there is no host for " + name + ": no " + engine.title()
                        + " host" + (wanted.region().isEmpty() ? "" : " in region '" + wanted.region() + "'")
                        + " is ready, has room and does not hold that name. Register one with POST /hosts"));
    }

    private static void checkLevel(int level) {
        if (level == DEDICATED) {
            throw new ControlException(
                    ErrorCode.NOT_IMPLEMENTED, "dedicated tenants (isolation_level 2) are not part of this build yet");
        }
        if (level != SHARED) {
            throw ControlException.badRequest("isolation_level must be 1 (shared) or 2 (dedicated)");
        }
    }
}
