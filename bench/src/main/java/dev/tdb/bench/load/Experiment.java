package dev.tdb.bench.load;

/** What can be measured. */
enum Experiment {
    /** Point selects. */
    QUERIES,
    /** A connection for each select. */
    CONNECT,
    /** 100 MB in one statement, out and in. */
    BULK,
    /** Memory of sessions that do nothing. */
    IDLE,
    /** The pause of a route flip. */
    FLIP;

    /** Whether a JVM must have worked before. */
    boolean isWarm() {
        return this != IDLE;
    }
}
