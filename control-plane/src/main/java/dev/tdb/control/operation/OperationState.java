package dev.tdb.control.operation;

import java.util.Locale;

/** How far an operation has come. */
public enum OperationState {
    RUNNING,
    SUCCEEDED,
    /** Ended without effect: everything is as it was before. */
    ABORTED,
    /** Ended on request: what had been done stands, the rest was not begun. */
    CANCELLED,
    /** Ended with something left to do for a person; the error says what. */
    FAILED;

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static OperationState parse(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
