package dev.tdb.proxy.observe;

import dev.tdb.proxy.route.RouteKey;

/**
 * One statement that passed, for the query log.
 *
 * @param startedAtMicros when it reached the proxy, microseconds since 1970
 * @param user the credential's id
 * @param client address and port of the client
 * @param text as sent, cut to {@link #TEXT_BYTES_MAX}
 * @param errorCode the engine's own (a SQLSTATE, an errno); empty on success
 * @param error the server's sentence, cut; empty on success
 * @param durationNanos from the first byte at the proxy to the last byte of the reply, holds included
 * @param heldNanos of which on hold
 * @param rows returned or changed; -1 when not known
 * @param bytes of the reply
 */
public record QueryEvent(
        RouteKey route,
        Source source,
        long startedAtMicros,
        String user,
        String client,
        String text,
        String errorCode,
        String error,
        long durationNanos,
        long heldNanos,
        long rows,
        long bytes) {
    /** A longer text is cut. */
    public static final int TEXT_BYTES_MAX = 4096;

    /** Where a query came in. */
    public enum Source {
        PROXY,
        API
    }

    public boolean success() {
        return errorCode.isEmpty();
    }
}
