package dev.tdb.local;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** A moment until which one waits, by asking again every few milliseconds. */
record Deadline(long nanos) {
    private static final Duration PAUSE = Duration.ofMillis(5);

    static Deadline after(Duration patience) {
        return new Deadline(System.nanoTime() + patience.toNanos());
    }

    boolean passed() {
        return System.nanoTime() - nanos >= 0;
    }

    /** Waits until {@code condition} holds, and says whether it did before the deadline. */
    boolean await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            if (passed()) {
                return false;
            }
            try {
                Thread.sleep(PAUSE);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new LocalServerException("interrupted while waiting for a local server", e);
            }
        }
        return true;
    }
}
