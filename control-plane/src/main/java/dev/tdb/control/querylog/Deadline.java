package dev.tdb.control.querylog;

import dev.tdb.control.ControlException;
import java.time.Duration;

/** By when a question to the log is to be answered. */
final class Deadline {
    private final Duration patience;
    private final long nanos;

    private Deadline(Duration patience) {
        this.patience = patience;
        this.nanos = System.nanoTime() + patience.toNanos();
    }

    static Deadline in(Duration patience) {
        return new Deadline(patience);
    }

    /** @throws ControlException when it has passed */
    void check() {
        if (System.nanoTime() - nanos > 0) {
            throw ControlException.badRequest(
                    "the search took longer than " + patience.toSeconds() + " s; since, type or source narrow it");
        }
    }
}
