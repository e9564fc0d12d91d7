package dev.tdb.it;

import dev.tdb.local.MySqlServer;
import dev.tdb.mysql.MySqlFlavour;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The drivers with MariaDB. */
final class MySqlDriversIT implements MySqlDriversContract, MySqlProgramsContract {
    private static MySqlServer server;

    @BeforeAll
    static void start(@TempDir Path directory) {
        server = TestServers.mariaDb(directory).start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Override
    public MySqlServer server() {
        return server;
    }

    @Override
    public MySqlFlavour flavour() {
        return MySqlFlavour.MARIADB;
    }
}
