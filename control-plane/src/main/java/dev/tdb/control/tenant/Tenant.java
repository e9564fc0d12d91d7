package dev.tdb.control.tenant;

import dev.tdb.proxy.credential.ProjectId;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

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

    /** The status of a tenant with these databases: that of the least ready one. */
    static TenantStatus status(List<TenantDatabase> databases) {
        return databases.stream()
                .map(TenantDatabase::status)
                .max(Comparator.naturalOrder())
                .orElse(TenantStatus.READY);
    }

    /** As one sees it who may know of some of its databases only. */
    public Tenant withOnly(Predicate<TenantDatabase> known) {
        List<TenantDatabase> left = databases.stream().filter(known).toList();
        TenantStatus seen = status(left);
        return new Tenant(project, id, seen, seen == TenantStatus.FAILED ? statusDetail : "", left, createdAt);
    }
}
