package dev.tdb.it;

import dev.tdb.local.PostgresServer;
import java.net.InetSocketAddress;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** A PostgreSQL server with a database for the contracts. */
final class PostgresSite extends SqlSite {
    private final PostgresServer server;

    PostgresSite(PostgresServer server) throws SQLException {
        super(new InetSocketAddress(server.host(), server.port()), connectToNew(server));
        this.server = server;
        execute("CREATE TABLE trace (at bigserial PRIMARY KEY, number int NOT NULL)");
        execute("GRANT SELECT, INSERT ON trace TO " + LOGIN.user());
        execute("GRANT USAGE ON SEQUENCE trace_at_seq TO " + LOGIN.user());
    }

    private static Connection connectToNew(PostgresServer server) throws SQLException {
        try (Connection first = server.connect("postgres");
                Statement statement = first.createStatement()) {
            statement.execute("CREATE ROLE " + LOGIN.user() + " LOGIN PASSWORD '"
                    + LOGIN.password().reveal() + "'");
            statement.execute("CREATE DATABASE " + DATABASE);
        }
        return server.connect(DATABASE);
    }

    @Override
    public int running() {
        return numbers("SELECT count(*)::int FROM pg_stat_activity WHERE state = 'active' AND usename = '"
                        + LOGIN.user() + "'")
                .getFirst();
    }

    @Override
    public void endSessions() {
        numbers(sessions("pg_terminate_backend(pid)::int"));
    }

    @Override
    List<Integer> sessions() {
        return numbers(sessions("pid"));
    }

    private static String sessions(String what) {
        return "SELECT " + what + " FROM pg_stat_activity WHERE usename = '" + LOGIN.user() + "'";
    }

    @Override
    public void close() throws SQLException {
        super.close();
        server.close();
    }
}
