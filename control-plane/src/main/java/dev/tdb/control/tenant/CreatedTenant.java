package dev.tdb.control.tenant;

import dev.tdb.proxy.credential.Secret;

/**
 * A new tenant with its password.
 *
 * @param password reaches all its databases with the role {@code write}; shown once, kept nowhere
 */
public record CreatedTenant(Tenant tenant, Secret password, String operationId) {}
