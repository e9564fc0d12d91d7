package dev.tdb.control.tenant;

import java.time.Duration;

/**
 * How to suspend.
 *
 * @param patience how long each unit of work waits, from its arrival, before it is refused; zero refuses at once
 * @param drained whether to wait until nothing is in flight
 * @param timeout of that wait
 */
public record SuspendTerms(Duration patience, boolean drained, Duration timeout) {
    public static final Duration PATIENCE_DEFAULT = Duration.ofSeconds(30);
    public static final Duration TIMEOUT_DEFAULT = Duration.ofSeconds(30);

    public static SuspendTerms standard() {
        return new SuspendTerms(PATIENCE_DEFAULT, false, TIMEOUT_DEFAULT);
    }
}
