package dev.tdb.control.tenant;

import java.util.List;

/** A tenant to be made, with one database for each entry. */
public record NewTenant(String tenantId, List<NewDatabase> databases) {
    /**
     * @param isolationLevel 1 shared, 2 dedicated
     * @param region empty for any
     */
    public record NewDatabase(String blueprint, int isolationLevel, String region) {}

    public NewTenant {
        databases = List.copyOf(databases);
    }
}
