package dev.tdb.testkit.history;

/**
 * One operation of one session.
 *
 * @param tag session and place in it
 * @param invokedNanos {@link System#nanoTime()} before it was sent
 * @param completedNanos when its reply was read, or it was given up
 * @param error the engine's own code; empty unless the outcome is {@link Outcome#FAIL}, or {@link Outcome#INFO} with a
 *     last word from the other side
 */
public record Operation(Tag tag, Op op, long invokedNanos, long completedNanos, Outcome outcome, String error) {
    public Operation {
        if (completedNanos - invokedNanos < 0) {
            throw new IllegalArgumentException(tag + " completed before it was invoked");
        }
        if (outcome == Outcome.OK && !error.isEmpty()) {
            throw new IllegalArgumentException(tag + " is acknowledged with error " + error);
        }
    }

    /** Whether the client was told of an error. */
    public boolean sawError() {
        return !error.isEmpty() || outcome == Outcome.FAIL;
    }
}
