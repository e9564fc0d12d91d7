package dev.tdb.testkit.contract;

import dev.tdb.proxy.credential.Role;
import dev.tdb.proxy.route.BackendLogin;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;

/** A real server with one empty tenant database on it, as a contract needs to know it. Outlives the rigs. */
public interface Site {
    InetSocketAddress address();

    /** The physical database. */
    String database();

    Map<Role, BackendLogin> logins();

    /** The traces that units left, in the order they were executed. */
    List<Integer> traces();

    /** How many sessions of {@link #logins()} are executing something at this moment. */
    int running();

    /** No traces, no sessions of {@link #logins()}. */
    void clear();

    /** The server itself ends all sessions of {@link #logins()}, with its own last word. */
    void endSessions();
}
