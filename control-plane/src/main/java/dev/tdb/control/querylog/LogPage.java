package dev.tdb.control.querylog;

import java.util.List;

/** Entries found, newest first, and whether there are more after them. */
public record LogPage(List<LogEntry> entries, boolean hasMore) {
    public LogPage {
        entries = List.copyOf(entries);
    }
}
