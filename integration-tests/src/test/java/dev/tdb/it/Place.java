package dev.tdb.it;

import dev.tdb.local.PostgresServer;
import dev.tdb.proxy.credential.Role;
import dev.tdb.proxy.route.BackendLogin;
import dev.tdb.proxy.route.ServerAddress;
import dev.tdb.proxy.route.ServerTls;
import dev.tdb.proxy.route.Target;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;

/** A database on a real server, as a route may lead to it. */
record Place(String host, int port, String database, BackendLogin login) {
    /**
     * A new, empty database, owned by {@code login}, which is made when the server has it not.
     *
     * @param host a name of the loopback address
     */
    static Place create(PostgresServer server, String host, String database, BackendLogin login) throws SQLException {
        try (Connection connection = server.connect("postgres");
                Statement statement = connection.createStatement()) {
            statement.execute("DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '" + login.user()
                    + "') THEN CREATE ROLE " + login.user() + " LOGIN PASSWORD '"
                    + login.password().reveal() + "'; END IF; END $$");
            statement.execute("CREATE DATABASE " + database + " OWNER " + login.user());
        }
        return new Place(host, server.port(), database, login);
    }

    /** The same place by another name of its server. */
    Place by(String otherHost) {
        return new Place(otherHost, port, database, login);
    }

    /** The same database on a server that has a copy of it. */
    Place on(PostgresServer server) {
        return new Place(host, server.port(), database, login);
    }

    Target target() {
        return new Target(
                host + "-" + port,
                new ServerAddress(host, port),
                ServerTls.disabled(),
                database,
                Map.of(Role.READ, login, Role.WRITE, login, Role.ADMIN, login));
    }
}
