package dev.tdb.control.querylog;

import dev.tdb.proxy.observe.QueryEvent;
import dev.tdb.proxy.route.Engine;
import java.time.Instant;

/**
 * One statement that passed.
 *
 * @param id unique within the installation; a tenant's grow in the order in which its statements ended
 * @param createdAt when it reached the proxy
 * @param rows returned or changed; -1 when not known
 */
public record LogEntry(
        String id,
        String query,
        QueryEvent.Source source,
        boolean success,
        double durationMs,
        double heldMs,
        Instant createdAt,
        String blueprint,
        Engine engine,
        String errorCode,
        String error,
        long rows,
        String client,
        String user) {}
