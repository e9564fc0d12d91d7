package dev.tdb.control.deployment;

import dev.tdb.control.store.DeploymentRows;
import dev.tdb.proxy.credential.ProjectId;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * A version on its way to tenants.
 *
 * @param id {@code dep_} + 16 base32
 * @param operationId of the operation that it is
 * @param failed tenants that do not have the version and will not get it by this deployment, those skipped included
 */
public record Deployment(
        String id,
        ProjectId project,
        String blueprint,
        int version,
        Status status,
        String operationId,
        int tenants,
        int completed,
        int failed,
        int cancelled,
        Instant createdAt,
        Optional<Instant> endedAt) {
    /** How far it has come. */
    public enum Status {
        IN_PROGRESS,
        /** Every tenant has the version. */
        COMPLETED,
        /** It has ended, and some tenants do not have the version; their results say why. */
        FAILED,
        /** It was cancelled before every tenant had its turn. */
        CANCELLED;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Status parse(String word) {
            return valueOf(word.toUpperCase(Locale.ROOT));
        }
    }

    static Deployment of(DeploymentRows.Row row) {
        DeploymentRows.Counts counts = row.counts();
        return new Deployment(
                row.id(),
                row.project(),
                row.blueprint(),
                row.version(),
                Status.parse(row.state()),
                row.operationId(),
                counts.total(),
                counts.completed(),
                counts.failed(),
                counts.cancelled(),
                Instant.ofEpochMilli(row.createdAt()),
                Optional.ofNullable(row.endedAt()).map(Instant::ofEpochMilli));
    }
}
