package dev.tdb.control.tenant;

import dev.tdb.proxy.credential.ProjectId;
import java.time.Instant;
import java.util.List;

/**
 * A customer's databases.
 *
 * @param status that of its least ready database
 * @param statusDetail which step failed and why, when the status is {@code failed}; empty otherwise
 */
public record Tenant(
        ProjectId project,
        String id,
        TenantStatus status,
        String statusDetail,
        List<TenantDatabase> databases,
        Instant createdAt) {
    public Tenant {
        databases = List.copyOf(databases);
    }
}
