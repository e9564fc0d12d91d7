package dev.tdb.bench.load;

/** How a query is sent, in pgbench's words. */
enum Mode {
    SIMPLE,
    EXTENDED,
    PREPARED;

    String word() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
