package dev.tdb.control.mysql;

import dev.tdb.control.LocalMySql;
import dev.tdb.local.MySqlServer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** MariaDB 11.4 as an engine. */
final class MariaDbEngineTest extends MySqlEngineContract {
    private static MySqlServer server;

    @BeforeAll
    static void start(@TempDir Path directory) {
        server = LocalMySql.mariaDb(directory);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Override
    MySqlServer server() {
        return server;
    }

    @Override
    String ownPassword() {
        return "SET PASSWORD = PASSWORD('my own')";
    }
}
