package dev.tdb.control.store;

/** A write was undone because a row of the same key exists. */
public final class DuplicateRow extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DuplicateRow(Throwable cause) {
        super("a row of the same key exists", cause);
    }
}
