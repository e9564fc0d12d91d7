package dev.tdb.app.dev;

import dev.tdb.local.PostgresBinaries;
import dev.tdb.local.PostgresServer;
import dev.tdb.local.Progress;
import dev.tdb.proxy.route.Engine;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** The PostgreSQL of {@code tdb dev}. */
final class LocalPostgres {
    private static final String HOST_ID = "pg1";

    private LocalPostgres() {}

    static LocalServer start(DevFolder folder, String programs, int port, Progress progress) {
        PostgresServer server = PostgresServer.spec(folder.resolve("postgres"), binaries(folder, programs, progress))
                .port(port)
                .setting("wal_level", "logical")
                .progress(progress)
                .withoutShutdownHook()
                .start();
        return new LocalServer(Engine.POSTGRES, HOST_ID, server);
    }

    private static PostgresBinaries binaries(DevFolder folder, String programs, Progress progress) {
        if (programs.isEmpty()) {
            return PostgresBinaries.embedded(folder.resolve("programs"), progress);
        }
        if (programs.equals("path")) {
            return PostgresBinaries.onPath()
                    .orElseThrow(
                            () -> new DevFault("there is no program 'postgres' on the PATH: name the folder it is in"
                                    + " with --postgres-bin DIR, such as /usr/lib/postgresql/17/bin"));
        }
        try {
            return PostgresBinaries.in(Path.of(programs));
        } catch (InvalidPathException _) {
            throw new DevFault("--postgres-bin '" + programs + "', expected a folder or the word path");
        }
    }
}
