package dev.tdb.control.deployment;

import dev.tdb.control.store.DeploymentRows;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * What became of a deployment at one tenant.
 *
 * @param operationId of the tenant's own operation; empty when none was begun
 * @param fromVersion that the tenant had; 0 before it was looked at
 * @param detail why, unless it is completed; empty when there is nothing to say
 */
public record DeploymentResult(
        String tenant,
        Status status,
        String operationId,
        int fromVersion,
        String detail,
        Optional<Instant> startedAt,
        Optional<Instant> endedAt) {
    /** What became of it. */
    public enum Status {
        PENDING,
        RUNNING,
        /** The tenant has the version, or a later one. */
        COMPLETED,
        /** The database refused; it is as it was after the last version that it took. */
        FAILED,
        /** Nothing was tried: in the trash, gone, not ready, or too long busy with something else. */
        SKIPPED,
        CANCELLED;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Status parse(String word) {
            return valueOf(word.toUpperCase(Locale.ROOT));
        }
    }

    public Optional<Duration> duration() {
        return startedAt.flatMap(from -> endedAt.map(to -> Duration.between(from, to)));
    }

    static DeploymentResult of(DeploymentRows.Result row) {
        return new DeploymentResult(
                row.tenant(),
                Status.parse(row.state()),
                row.operationId(),
                row.fromVersion(),
                row.detail(),
                Optional.ofNullable(row.startedAt()).map(Instant::ofEpochMilli),
                Optional.ofNullable(row.endedAt()).map(Instant::ofEpochMilli));
    }
}
