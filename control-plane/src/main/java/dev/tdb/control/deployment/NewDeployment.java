package dev.tdb.control.deployment;

import java.util.List;
import java.util.OptionalInt;

/**
 * A version to be brought to tenants.
 *
 * @param version the newest if empty
 * @param tenants all of the blueprint, those in the trash left out, if empty
 */
public record NewDeployment(String blueprint, OptionalInt version, List<String> tenants) {
    public NewDeployment {
        tenants = List.copyOf(tenants);
    }
}
