package dev.tdb.control.host;

import dev.tdb.proxy.route.Engine;
import dev.tdb.proxy.route.ServerAddress;
import dev.tdb.proxy.route.ServerTls;
import java.time.Instant;

/**
 * A database server that tdb may place tenants on. The administrator's password is not here.
 *
 * @param level 1 shared, 2 dedicated
 * @param capacity tenant databases at most
 * @param databases tenant databases now
 */
public record Host(
        String id,
        Engine engine,
        ServerAddress address,
        ServerTls tls,
        String region,
        int level,
        int capacity,
        int databases,
        State state,
        String adminUser,
        Instant createdAt) {
    /** Whether new tenants may be placed here. */
    public enum State {
        READY,
        /** Takes no new tenants. */
        DRAINING;

        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }
}
