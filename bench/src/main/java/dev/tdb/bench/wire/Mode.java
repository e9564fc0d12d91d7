package dev.tdb.bench.wire;

import java.util.Locale;

/** How a query is sent, in pgbench's words. */
public enum Mode {
    /** As a text with its values in it. */
    SIMPLE,
    /** Prepared for each execution, its values apart: one round trip in PostgreSQL, two in MySQL. */
    EXTENDED,
    /** Prepared once, then executed. */
    PREPARED;

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
