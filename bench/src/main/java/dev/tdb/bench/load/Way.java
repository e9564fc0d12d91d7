package dev.tdb.bench.load;

import dev.tdb.bench.wire.Endpoint;
import java.util.OptionalLong;

/**
 * A way to the server: straight, or through a relay.
 *
 * @param relayPid the process whose CPU counts; empty for the straight way
 */
record Way(String name, Endpoint endpoint, OptionalLong relayPid) {
    static final String DIRECT = "direct";
    static final String PGBOUNCER = "pgbouncer";
    static final String MYSQLROUTER = "mysqlrouter";
    static final String HAPROXY = "haproxy";

    boolean isDirect() {
        return relayPid.isEmpty();
    }
}
