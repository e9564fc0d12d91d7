package dev.tdb.control.engine;

import java.time.Duration;

/**
 * How long applying a version may stand in a tenant's way.
 *
 * @param lockTimeout of each wait for a lock: the tenant's own statements queue behind such a wait
 * @param attempts when a lock was not had; each is a new transaction
 * @param statementTimeout of each statement
 */
public record ApplyTerms(Duration lockTimeout, int attempts, Duration statementTimeout) {
    public static ApplyTerms standard() {
        return new ApplyTerms(Duration.ofSeconds(2), 3, Duration.ofMinutes(10));
    }
}
