package dev.tdb.app.dev;

import dev.tdb.local.LocalServerException;
import dev.tdb.local.MySqlBinaries;
import dev.tdb.local.MySqlServer;
import dev.tdb.local.Progress;
import dev.tdb.proxy.route.Engine;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** The MariaDB of {@code tdb dev}, or a MySQL that the machine has. */
final class LocalMySql {
    private static final String HOST_ID = "mysql1";

    private LocalMySql() {}

    static LocalServer start(DevFolder folder, String programs, int port, Progress progress) {
        MySqlServer server = MySqlServer.spec(folder.resolve("mysql"), binaries(folder, programs, progress))
                .port(port)
                // Functions and triggers are the tenants' own; the log is of rows.
                .setting("log-bin-trust-function-creators", "1")
                .progress(progress)
                .withoutShutdownHook()
                .start();
        return new LocalServer(Engine.MYSQL, HOST_ID, server);
    }

    private static MySqlBinaries binaries(DevFolder folder, String programs, Progress progress) {
        try {
            return programs.isEmpty()
                    ? MySqlBinaries.mariaDb(folder.resolve("programs"), progress)
                    : MySqlBinaries.in(Path.of(programs));
        } catch (LocalServerException fault) {
            throw new DevFault(fault.getMessage()
                    + "\n  name one with --mysql-bin DIR, such as /usr, or go without: --only postgres");
        } catch (InvalidPathException _) {
            throw new DevFault("--mysql-bin '" + programs + "', expected the folder above a server's bin");
        }
    }
}
