package dev.tdb.control.querylog;

import dev.tdb.proxy.credential.ProjectId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Reads the query log of one tenant. */
public final class QueryLog {
    public LogPage search(ProjectId project, String tenant, LogFilter filter) {
        throw new UnsupportedOperationException("next push");
    }

    /** @param since null for as far back as there is */
    public LogStats stats(ProjectId project, String tenant, @Nullable Instant since) {
        throw new UnsupportedOperationException("next push");
    }

    public TenantMetrics metrics(ProjectId project, String tenant) {
        throw new UnsupportedOperationException("next push");
    }

    /** Events that were lost because the ring was full or the disk failed, since the start. */
    public long dropped() {
        throw new UnsupportedOperationException("next push");
    }
}
