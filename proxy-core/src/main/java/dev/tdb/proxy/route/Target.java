package dev.tdb.proxy.route;

import dev.tdb.proxy.credential.Role;
import java.util.Map;

/**
 * The place a route leads to.
 *
 * @param hostId the host's id in the control plane, for people
 * @param database the physical database
 * @param logins what to log in with, by the client's role
 */
public record Target(
        String hostId, ServerAddress address, ServerTls tls, String database, Map<Role, BackendLogin> logins) {
    public Target {
        logins = Map.copyOf(logins);
    }
}
