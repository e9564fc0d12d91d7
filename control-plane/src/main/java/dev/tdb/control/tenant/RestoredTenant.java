package dev.tdb.control.tenant;

/** A tenant that is out of the trash. */
public record RestoredTenant(Tenant tenant, String operationId) {}
