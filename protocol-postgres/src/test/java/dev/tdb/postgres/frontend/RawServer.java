package dev.tdb.postgres.frontend;

import dev.tdb.local.PostgresBinaries;
import dev.tdb.local.PostgresServer;
import dev.tdb.local.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** A real PostgreSQL that trusts everybody, so that a test can log in with a few bytes. */
final class RawServer implements AutoCloseable {
    private final PostgresServer server;

    RawServer(Path directory) throws IOException, SQLException {
        Path cache = Path.of("target", "servers").toAbsolutePath();
        server = PostgresServer.spec(directory, PostgresBinaries.embedded(cache, Progress.silent()))
                .setting("fsync", "off")
                .setting("shared_buffers", "16MB")
                .start();
        Files.writeString(server.dataDirectory().resolve("pg_hba.conf"), "host all all 127.0.0.1/32 trust\n");
        execute("SELECT pg_reload_conf()");
        execute("CREATE ROLE tenant LOGIN; CREATE ROLE reader; GRANT reader TO tenant");
        execute("CREATE DATABASE one OWNER tenant TEMPLATE template0 ENCODING 'UTF8'");
        execute("CREATE DATABASE two OWNER tenant TEMPLATE template0 ENCODING 'UTF8'");
    }

    /** As the superuser. */
    void execute(String sql) throws SQLException {
        execute("postgres", sql);
    }

    void execute(String database, String sql) throws SQLException {
        try (Connection connection = server.connect(database);
                Statement statement = connection.createStatement()) {
            for (String each : sql.split("; ", -1)) {
                statement.execute(each);
            }
        }
    }

    int port() {
        return server.port();
    }

    @Override
    public void close() {
        server.close();
    }
}
