package dev.tdb.control.blueprint;

import java.time.Instant;
import java.util.List;

/**
 * An ordered list of statements, immutable once made.
 *
 * @param version 1, 2, …; the number of one that was taken back is missing
 */
public record BlueprintVersion(int version, List<String> statements, Instant createdAt) {
    public BlueprintVersion {
        statements = List.copyOf(statements);
    }
}
