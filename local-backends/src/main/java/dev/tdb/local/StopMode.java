package dev.tdb.local;

/** How a server is asked to end. */
public enum StopMode {
    /** Open transactions are rolled back, sessions closed and everything written: the next start is a clean one. */
    FAST,
    /** Nothing is written: the next start recovers, as after a crash. */
    IMMEDIATE
}
