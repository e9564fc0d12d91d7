package dev.tdb.testkit.history;

/** What a client knows of an operation it sent. */
public enum Outcome {
    /** Acknowledged: it happened, once. */
    OK,
    /** Refused with an error: it did not happen. */
    FAIL,
    /** Sent, and no reply came: it happened once, or not at all. */
    INFO
}
