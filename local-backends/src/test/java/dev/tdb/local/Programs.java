package dev.tdb.local;

import java.nio.file.Path;

/** The programs that the tests of this module run; unpacked once for all of them. */
final class Programs {
    static final Path CACHE = Path.of("target", "servers").toAbsolutePath();

    private Programs() {}

    static PostgresBinaries postgres() {
        return PostgresBinaries.embedded(CACHE, Progress.silent());
    }

    static MySqlBinaries mariaDb() {
        return MySqlBinaries.mariaDb(CACHE, Progress.silent());
    }

    static MySqlBinaries mySql() {
        return MySqlBinaries.mySql(CACHE, Progress.silent());
    }

    /** As {@link #server}, for the other family. */
    static MySqlSpec mySqlServer(Path directory, MySqlBinaries binaries) {
        return MySqlServer.spec(directory, binaries)
                .setting("innodb-flush-log-at-trx-commit", "0")
                .setting("sync-binlog", "0")
                .setting("innodb-buffer-pool-size", "32M");
    }

    /** A server of which nothing has to survive a crash of the machine. */
    static PostgresSpec server(Path directory) {
        return PostgresServer.spec(directory, postgres())
                .setting("fsync", "off")
                .setting("shared_buffers", "16MB")
                .setting("max_connections", "20");
    }
}
