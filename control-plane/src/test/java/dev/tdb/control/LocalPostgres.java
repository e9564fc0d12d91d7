package dev.tdb.control;

import dev.tdb.control.engine.AdminAccess;
import dev.tdb.control.host.HostSpec;
import dev.tdb.local.PostgresBinaries;
import dev.tdb.local.PostgresServer;
import dev.tdb.local.PostgresSpec;
import dev.tdb.proxy.credential.Secret;
import dev.tdb.proxy.route.Engine;
import dev.tdb.proxy.route.ServerAddress;
import dev.tdb.proxy.route.ServerTls;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Real PostgreSQL servers for tests, and how to speak to them. */
public final class LocalPostgres {
    private LocalPostgres() {}

    public static PostgresServer start(Path directory) {
        return quick(PostgresServer.spec(directory, binaries())).start();
    }

    public static PostgresServer standby(PostgresServer primary, Path directory) {
        return quick(PostgresServer.standbyOf(primary, directory)).start();
    }

    private static PostgresBinaries binaries() {
        return PostgresBinaries.embedded(Path.of("target", "servers").toAbsolutePath(), System.err::println);
    }

    private static PostgresSpec quick(PostgresSpec spec) {
        return spec.setting("fsync", "off").setting("wal_level", "logical").setting("max_connections", "60");
    }

    public static ServerAddress address(PostgresServer server) {
        return new ServerAddress(server.host(), server.port());
    }

    public static AdminAccess admin(PostgresServer server) {
        return new AdminAccess(
                address(server),
                ServerTls.disabled(),
                server.superuser().user(),
                Secret.of(server.superuser().password()));
    }

    public static HostSpec host(String id, PostgresServer server) {
        AdminAccess admin = admin(server);
        return new HostSpec(
                id, Engine.POSTGRES, admin.address(), admin.tls(), "local", 1, 100, admin.user(), admin.password());
    }

    /** The first column of the first row, as text. */
    public static String ask(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return String.valueOf(rows.getString(1));
        }
    }

    public static void run(Connection connection, String... statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** Removes every tenant database, role and login, whatever state a test has left them in. */
    public static void removeTenants(Connection admin) throws SQLException {
        for (String database : column(admin, "SELECT datname FROM pg_database WHERE datname LIKE '%\\_\\_%'")) {
            run(admin, "DROP DATABASE \"" + database + "\" WITH (FORCE)");
        }
        String roles =
                "SELECT rolname FROM pg_roles WHERE rolname ~ '^(t[a-z2-7]{16}|(owner|write|read)_[0-9a-f]{16})$'";
        for (String role : column(admin, roles)) {
            run(admin, "DROP ROLE \"" + role + "\"");
        }
    }

    private static List<String> column(Connection connection, String sql) throws SQLException {
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
