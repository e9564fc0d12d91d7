package dev.tdb.testkit.history;

/** One promise that was broken. */
public record Anomaly(Kind kind, String what) {
    /** The promises. */
    public enum Kind {
        /** Acknowledged, and not there. */
        LOST,
        /** Sent once, and there more than once. */
        DUPLICATE,
        /** There, and nobody sent it. */
        PHANTOM,
        /** There, though the client was told that it did not happen. */
        REFUSED_BUT_DONE,
        /** There, before something the same session had sent earlier. */
        REORDERED,
        /** Fewer than were acknowledged, or more than were sent. */
        MISCOUNTED,
        /** Money came out of nothing, or went there. */
        SUM_CHANGED,
        /** An error for a session that should have seen none, or not the one error that a session should have seen. */
        ERRORS
    }

    @Override
    public String toString() {
        return kind + " " + what;
    }
}
