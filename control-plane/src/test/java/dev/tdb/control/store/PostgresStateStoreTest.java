package dev.tdb.control.store;

import dev.tdb.control.ControlDatabases;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

class PostgresStateStoreTest extends StateStoreContract {
    @TempDir
    static Path servers;

    private static ControlDatabases databases;

    private final StoreSettings settings = databases.next();

    @BeforeAll
    static void startServer() {
        databases = ControlDatabases.start(servers.resolve("control"));
    }

    @AfterAll
    static void stopServer() {
        databases.close();
    }

    @Override
    StoreSettings settings() {
        return settings;
    }
}
