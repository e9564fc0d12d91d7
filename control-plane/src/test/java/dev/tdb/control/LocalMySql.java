package dev.tdb.control;

import dev.tdb.control.engine.AdminAccess;
import dev.tdb.local.MySqlBinaries;
import dev.tdb.local.MySqlServer;
import dev.tdb.local.Progress;
import dev.tdb.proxy.credential.Secret;
import dev.tdb.proxy.route.ServerAddress;
import dev.tdb.proxy.route.ServerTls;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** Real servers of the MySQL family for tests, whose data need not survive anything. */
public final class LocalMySql {
    private static final Path CACHE = Path.of("target", "servers").toAbsolutePath();

    private LocalMySql() {}

    public static MySqlServer mariaDb(Path directory) {
        return start(directory, MySqlBinaries.mariaDb(CACHE, Progress.silent()));
    }

    /** Skips the test where MySQL does not run. */
    public static MySqlServer mySql(Path directory) {
        MySqlBinaries binaries = MySqlBinaries.mySql(CACHE, Progress.silent());
        binaries.obstacle().ifPresent(Assumptions::abort);
        return start(directory, binaries);
    }

    private static MySqlServer start(Path directory, MySqlBinaries binaries) {
        return MySqlServer.spec(directory, binaries)
                .setting("innodb-flush-log-at-trx-commit", "0")
                .setting("sync-binlog", "0")
                .setting("innodb-buffer-pool-size", "64M")
                .setting("log-bin-trust-function-creators", "1")
                .start();
    }

    public static AdminAccess admin(MySqlServer server, String host) {
        return new AdminAccess(
                new ServerAddress(host, server.port()),
                ServerTls.disabled(),
                server.superuser().user(),
                Secret.of(server.superuser().password()));
    }
}
