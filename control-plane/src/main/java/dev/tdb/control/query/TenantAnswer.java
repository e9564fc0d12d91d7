package dev.tdb.control.query;

import dev.tdb.control.engine.QueryResult;
import java.time.Duration;

/** What one tenant answered. */
public sealed interface TenantAnswer {
    String tenant();

    /** The statement ran. */
    record Answered(String tenant, QueryResult result, Duration duration) implements TenantAnswer {}

    /**
     * It did not, or the server refused it.
     *
     * @param errorCode the engine's own; empty when it gave none
     */
    record Refused(String tenant, String errorCode, String error) implements TenantAnswer {}
}
