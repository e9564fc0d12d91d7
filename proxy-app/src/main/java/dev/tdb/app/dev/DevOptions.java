package dev.tdb.app.dev;

import java.nio.file.Path;
import java.util.List;

/**
 * How {@code tdb dev} was called.
 *
 * @param state the folder everything is kept in
 * @param reset start with an empty one
 * @param engines to start, one at least
 * @param apiPort 0 for any free one
 */
record DevOptions(Path state, boolean reset, List<DevEngine> engines, int apiPort) {
    DevOptions {
        engines = List.copyOf(engines);
    }
}
