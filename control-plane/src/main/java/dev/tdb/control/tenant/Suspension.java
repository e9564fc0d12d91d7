package dev.tdb.control.tenant;

/**
 * What a suspend or resume found.
 *
 * @param inFlight units that had not ended when the answer was given
 * @param held sessions with something waiting
 * @param drained whether nothing was in flight
 */
public record Suspension(
        String tenantId,
        TenantStatus status,
        int sessions,
        int inFlight,
        int held,
        boolean drained,
        String operationId) {}
