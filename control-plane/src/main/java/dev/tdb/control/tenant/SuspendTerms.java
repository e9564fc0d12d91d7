package dev.tdb.control.tenant;

import java.time.Duration;
import java.util.Optional;

/**
 * How to suspend.
 *
 * @param patience how long each unit of work waits, from its arrival, before it is refused; zero refuses at once; what
 *     the blueprint of each database says, if empty
 * @param drained whether to wait until nothing is in flight
 * @param timeout of that wait
 */
public record SuspendTerms(Optional<Duration> patience, boolean drained, Duration timeout) {
    public static final Duration TIMEOUT_DEFAULT = Duration.ofSeconds(30);

    public SuspendTerms(Duration patience, boolean drained, Duration timeout) {
        this(Optional.of(patience), drained, timeout);
    }

    public static SuspendTerms standard() {
        return new SuspendTerms(Optional.empty(), false, TIMEOUT_DEFAULT);
    }
}
