package dev.tdb.app.cli;

import picocli.CommandLine.Option;

/** Which stretch of a list to show. */
final class PageOptions {
    @Option(names = "--limit", paramLabel = "N", description = "How many to show (default: ${DEFAULT-VALUE}).")
    int limit = 100;

    @Option(names = "--offset", paramLabel = "N", description = "How many to skip.")
    int offset;

    /** What stands behind the question mark. */
    String query() {
        return "?limit=" + limit + "&offset=" + offset;
    }
}
