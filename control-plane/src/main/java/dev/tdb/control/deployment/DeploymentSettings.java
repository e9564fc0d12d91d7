package dev.tdb.control.deployment;

import dev.tdb.control.engine.ApplyTerms;
import java.time.Duration;

/**
 * How versions are brought to tenants.
 *
 * @param parallelism tenants at a time, of all deployments together
 * @param busyPatience how long a tenant's other operation is waited for before the tenant is skipped
 */
public record DeploymentSettings(int parallelism, Duration busyPatience, ApplyTerms apply) {
    public static DeploymentSettings standard() {
        return new DeploymentSettings(4, Duration.ofSeconds(30), ApplyTerms.standard());
    }
}
