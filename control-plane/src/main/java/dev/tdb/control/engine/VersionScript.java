package dev.tdb.control.engine;

import java.util.List;

/**
 * One version of a blueprint, as one database is given it.
 *
 * @param mark what the database keeps as proof that it has this version, and nobody but tdb can make
 */
public record VersionScript(int version, List<String> statements, String mark) {
    public VersionScript {
        statements = List.copyOf(statements);
    }
}
