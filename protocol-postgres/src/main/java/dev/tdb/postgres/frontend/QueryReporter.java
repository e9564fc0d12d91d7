package dev.tdb.postgres.frontend;

import dev.tdb.postgres.codec.ErrorFields;
import dev.tdb.proxy.frontend.SessionPort;
import dev.tdb.proxy.observe.QueryEvent;
import dev.tdb.proxy.observe.QueryEvent.Source;
import dev.tdb.proxy.route.RouteKey;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Makes query events of one session's statements. Belongs to its event loop. */
final class QueryReporter {
    /** A longer text is cut. */
    static final int TEXT_BYTES_MAX = QueryEvent.TEXT_BYTES_MAX;

    private static final long ANCHOR_NANOS_MAX = TimeUnit.SECONDS.toNanos(10);

    private final SessionPort port;
    private final RouteKey route;
    private final String user;
    private final String client;
    private long anchorNanos;
    private long anchorMicros;

    QueryReporter(SessionPort port, SessionStart start) {
        this.port = port;
        this.route = start.route();
        this.user = start.credential().id();
        this.client = port.clientAddress();
    }

    /**
     * @param startedNanos when the statement was read off its hold, if there was one
     * @param heldNanos how long it had been held before that
     * @param error null on success
     */
    void report(String text, long startedNanos, long heldNanos, long rows, long bytes, @Nullable ErrorFields error) {
        if (!port.queryEvents().areWanted()) {
            return;
        }
        long now = System.nanoTime();
        long duration = now - startedNanos + heldNanos;
        port.queryEvents()
                .offer(new QueryEvent(
                        route,
                        Source.PROXY,
                        micros(now) - duration / 1000,
                        user,
                        client,
                        text,
                        error == null ? "" : error.sqlState(),
                        error == null ? "" : error.message(),
                        duration,
                        heldNanos,
                        rows,
                        bytes));
    }

    /** The wall clock with a monotonic one's cost: read anew every few seconds. */
    private long micros(long nowNanos) {
        if (anchorMicros == 0 || nowNanos - anchorNanos > ANCHOR_NANOS_MAX) {
            Instant now = Instant.now();
            anchorMicros = TimeUnit.SECONDS.toMicros(now.getEpochSecond()) + now.getNano() / 1000;
            anchorNanos = nowNanos;
        }
        return anchorMicros + (nowNanos - anchorNanos) / 1000;
    }
}
