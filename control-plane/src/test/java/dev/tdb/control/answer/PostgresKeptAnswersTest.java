package dev.tdb.control.answer;

import dev.tdb.control.ControlDatabases;
import dev.tdb.control.store.StoreSettings;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

class PostgresKeptAnswersTest extends KeptAnswersContract {
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
