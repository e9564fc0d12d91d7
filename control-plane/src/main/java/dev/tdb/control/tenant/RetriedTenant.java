package dev.tdb.control.tenant;

import dev.tdb.proxy.credential.Secret;
import java.util.Optional;

/**
 * A tenant that is ready after all.
 *
 * @param password of a tenant that was never ready before; shown once, kept nowhere
 */
public record RetriedTenant(Tenant tenant, Optional<Secret> password, String operationId) {}
