package dev.tdb.control.cutover;

import dev.tdb.control.ControlException;
import dev.tdb.proxy.route.ServerAddress;
import java.time.Duration;
import java.util.Locale;

/**
 * A wish to lead a route to another server.
 *
 * @param drainTimeout how long units in flight may last once the route is held, 100 ms to 10 min
 * @param dryRun only say what would happen
 * @param force go on although the source cannot be reached and so not fenced: for a server that is gone for good
 */
public record FlipRequest(
        ServerAddress to, Duration drainTimeout, OnDeadline onDeadline, boolean dryRun, boolean force) {
    public static final Duration DRAIN_TIMEOUT_DEFAULT = Duration.ofSeconds(10);
    private static final Duration DRAIN_TIMEOUT_MIN = Duration.ofMillis(100);
    private static final Duration DRAIN_TIMEOUT_MAX = Duration.ofMinutes(10);

    /** What to do with units that are still in flight at the drain deadline. */
    public enum OnDeadline {
        /** Give the flip up; nothing has changed. */
        ABORT,
        /** End those sessions, each with one error. */
        KILL;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        public static OnDeadline parse(String word) {
            for (OnDeadline policy : values()) {
                if (policy.word().equals(word)) {
                    return policy;
                }
            }
            throw ControlException.badRequest("on_deadline '" + word + "' is not known, expected abort or kill");
        }
    }

    public FlipRequest {
        if (drainTimeout.compareTo(DRAIN_TIMEOUT_MIN) < 0 || drainTimeout.compareTo(DRAIN_TIMEOUT_MAX) > 0) {
            throw ControlException.badRequest("drain_timeout must be between 100ms and 10m");
        }
    }

    public static FlipRequest to(ServerAddress address) {
        return new FlipRequest(address, DRAIN_TIMEOUT_DEFAULT, OnDeadline.ABORT, false, false);
    }
}
