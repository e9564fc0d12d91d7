package dev.tdb.testkit.contract;

/** How a client's bytes are cut into writes. */
public enum Pace {
    /** As its driver would. */
    WHOLE,
    /** One byte at a time. */
    BYTE_BY_BYTE
}
