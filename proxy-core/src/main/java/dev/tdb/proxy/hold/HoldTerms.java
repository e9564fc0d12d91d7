package dev.tdb.proxy.hold;

import java.time.Duration;

/**
 * How long units wait while a hold stands.
 *
 * @param cause what a unit is told whose patience ends
 * @param patience counted for each unit from its arrival; zero refuses at once
 */
public record HoldTerms(Cause cause, Duration patience) {
    /** Why a route is on hold. */
    public enum Cause {
        SUSPENDED,
        PREPARING,
        DELETED,
        CUTOVER
    }
}
