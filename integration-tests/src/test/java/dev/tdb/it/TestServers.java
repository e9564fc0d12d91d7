package dev.tdb.it;

import dev.tdb.local.PostgresBinaries;
import dev.tdb.local.PostgresServer;
import dev.tdb.local.PostgresSpec;
import dev.tdb.local.Progress;
import java.nio.file.Path;

/** Real servers for tests, whose data need not survive anything. */
final class TestServers {
    private static final Path CACHE = Path.of("target", "servers").toAbsolutePath();

    private TestServers() {}

    static PostgresSpec postgres(Path directory) {
        return PostgresServer.spec(directory, PostgresBinaries.embedded(CACHE, Progress.silent()))
                .setting("fsync", "off")
                .setting("shared_buffers", "32MB")
                .setting("max_connections", "100");
    }
}
