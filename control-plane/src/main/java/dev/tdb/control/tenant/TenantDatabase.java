package dev.tdb.control.tenant;

import dev.tdb.proxy.route.DatabaseName;
import dev.tdb.proxy.route.Engine;

/**
 * One database of a tenant.
 *
 * @param isolationLevel 1 shared, 2 dedicated
 * @param version of the blueprint, as applied
 */
public record TenantDatabase(
        DatabaseName name, Engine engine, int isolationLevel, String region, TenantStatus status, int version) {
    public String blueprint() {
        return name.blueprint();
    }
}
