package dev.tdb.control;

import dev.tdb.control.store.StoreSettings;
import dev.tdb.local.PostgresServer;
import dev.tdb.proxy.credential.Secret;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;

/** A PostgreSQL server for control databases, each of which is new. */
public final class ControlDatabases implements AutoCloseable {
    private final PostgresServer server;
    private int made;

    private ControlDatabases(PostgresServer server) {
        this.server = server;
    }

    public static ControlDatabases start(Path directory) {
        return new ControlDatabases(LocalPostgres.start(directory));
    }

    /** Of an empty database. */
    public StoreSettings next() {
        made++;
        String database = "control_" + made;
        try (Connection admin = server.connect("postgres")) {
            LocalPostgres.run(admin, "CREATE DATABASE " + database);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return new StoreSettings(
                "jdbc:postgresql://" + server.host() + ":" + server.port() + "/" + database,
                server.superuser().user(),
                Secret.of(server.superuser().password()));
    }

    @Override
    public void close() {
        server.close();
    }
}
