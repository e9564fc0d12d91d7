package dev.tdb.control.tenant;

import dev.tdb.control.LocalPostgres;
import dev.tdb.control.store.StoreSettings;
import dev.tdb.local.PostgresServer;
import dev.tdb.proxy.credential.Secret;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

class PostgresLifecycleTest extends LifecycleContract {
    @TempDir
    static Path servers;

    private static PostgresServer server;
    private static int databases;

    private String database = "";

    @BeforeAll
    static void startServer() {
        server = LocalPostgres.start(servers.resolve("control"));
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @Override
    StoreSettings store() {
        if (database.isEmpty()) {
            databases++;
            database = "control_" + databases;
            try (Connection admin = server.connect("postgres")) {
                LocalPostgres.run(admin, "CREATE DATABASE " + database);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }
        return new StoreSettings(
                "jdbc:postgresql://" + server.host() + ":" + server.port() + "/" + database,
                server.superuser().user(),
                Secret.of(server.superuser().password()));
    }
}
