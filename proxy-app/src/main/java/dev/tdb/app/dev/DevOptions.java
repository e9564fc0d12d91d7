package dev.tdb.app.dev;

import dev.tdb.proxy.route.Engine;
import java.nio.file.Path;
import java.util.Set;

/**
 * How {@code tdb dev} was called.
 *
 * @param state the folder everything is kept in
 * @param reset start with an empty one
 * @param engines to start
 * @param apiPort 0 for any free one
 * @param postgresPort of the proxy; 0 for any free one
 * @param postgresPrograms the folder of an installed PostgreSQL's programs, {@code path} for the one on the PATH, or empty
 *     for the one that comes with tdb
 */
record DevOptions(
        Path state, boolean reset, Set<Engine> engines, int apiPort, int postgresPort, String postgresPrograms) {
    DevOptions {
        engines = Set.copyOf(engines);
    }
}
