package dev.tdb.control.engine;

import java.time.Duration;

/**
 * What a query of the API may cost.
 *
 * @param bytesMax of the rows as text; those beyond it, and beyond {@code rowsMax}, are left out
 * @param timeout of the statement
 * @param lockTimeout of each wait for a lock
 */
public record QueryBounds(int rowsMax, int bytesMax, Duration timeout, Duration lockTimeout) {
    public static QueryBounds standard() {
        return new QueryBounds(1000, 4 << 20, Duration.ofSeconds(30), Duration.ofSeconds(5));
    }

    /** As this, with room for {@code bytes} more only. */
    public QueryBounds within(int bytes) {
        return new QueryBounds(rowsMax, Math.min(bytesMax, bytes), timeout, lockTimeout);
    }
}
