package dev.tdb.app.dev;

import dev.tdb.proxy.route.Engine;

/**
 * One engine that {@code tdb dev} is to start.
 *
 * @param port of the proxy for its clients; 0 for any free one
 * @param programs the folder of an installed server, {@code path} for the one on the PATH, or empty for the one that comes
 *     with tdb
 */
record DevEngine(Engine engine, int port, String programs) {
    /** What changes the port. */
    String portOption() {
        return "--port-" + engine.word();
    }
}
