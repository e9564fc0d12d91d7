package dev.tdb.control.mysql;

import dev.tdb.control.LocalMySql;
import dev.tdb.local.MySqlServer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** MySQL 8.0 as an engine; skipped where it does not run. */
final class MySql8EngineTest extends MySqlEngineContract {
    private static MySqlServer server;

    @BeforeAll
    static void start(@TempDir Path directory) {
        server = LocalMySql.mySql(directory);
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    @Override
    MySqlServer server() {
        return server;
    }

    @Override
    String ownPassword() {
        return "SET PASSWORD = 'my own'";
    }
}
