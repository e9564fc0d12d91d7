package dev.tdb.local;

import java.nio.file.Path;

/** The programs that the tests of this module run; unpacked once for all of them. */
final class Programs {
    static final Path CACHE = Path.of("target", "servers").toAbsolutePath();

    private Programs() {}

    static PostgresBinaries postgres() {
        return PostgresBinaries.embedded(CACHE, Progress.silent());
    }

    /** A server of which nothing has to survive a crash of the machine. */
    static PostgresSpec server(Path directory) {
        return PostgresServer.spec(directory, postgres())
                .setting("fsync", "off")
                .setting("shared_buffers", "16MB")
                .setting("max_connections", "20");
    }
}
