package dev.tdb.it;

import dev.tdb.control.store.StoreSettings;
import dev.tdb.local.Login;
import dev.tdb.local.MySqlBinaries;
import dev.tdb.local.MySqlServer;
import dev.tdb.local.MySqlSpec;
import dev.tdb.local.PostgresBinaries;
import dev.tdb.local.PostgresServer;
import dev.tdb.local.PostgresSpec;
import dev.tdb.local.Progress;
import dev.tdb.proxy.credential.Secret;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** Real servers for tests, whose data need not survive anything. */
final class TestServers {
    private static final Path CACHE = Path.of("target", "servers").toAbsolutePath();

    private TestServers() {}

    static MySqlSpec mariaDb(Path directory) {
        return mySql(directory, MySqlBinaries.mariaDb(CACHE, Progress.silent()));
    }

    /** Where the client programs are that come with it. */
    static Path mariaDbPrograms() {
        return MySqlBinaries.mariaDb(CACHE, Progress.silent()).home().resolve("bin");
    }

    /** Skips the test where MySQL does not run. */
    static MySqlSpec mySql(Path directory) {
        MySqlBinaries binaries = MySqlBinaries.mySql(CACHE, Progress.silent());
        binaries.obstacle().ifPresent(Assumptions::abort);
        return mySql(directory, binaries);
    }

    private static MySqlSpec mySql(Path directory, MySqlBinaries binaries) {
        return MySqlServer.spec(directory, binaries)
                .setting("innodb-flush-log-at-trx-commit", "0")
                .setting("sync-binlog", "0")
                .setting("innodb-buffer-pool-size", "64M")
                .setting("log-bin-trust-function-creators", "1");
    }

    static PostgresSpec postgres(Path directory) {
        return PostgresServer.spec(directory, PostgresBinaries.embedded(CACHE, Progress.silent()))
                .setting("fsync", "off")
                .setting("shared_buffers", "32MB")
                .setting("max_connections", "100");
    }

    /** A database of its own on a server, for tdb to keep its state in. */
    static StoreSettings controlDatabase(PostgresServer server) throws SQLException {
        try (Connection connection = server.connect("postgres");
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE control");
        }
        Login login = server.superuser();
        return new StoreSettings(server.jdbcUrl("control"), login.user(), Secret.of(login.password()));
    }

    /** The first column of what a statement answers. */
    static List<String> column(Connection connection, String sql) throws SQLException {
        List<String> values = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                values.add(rows.getString(1));
            }
        }
        return values;
    }
}
