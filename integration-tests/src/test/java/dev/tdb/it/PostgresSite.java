package dev.tdb.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tdb.local.PostgresServer;
import dev.tdb.proxy.credential.Role;
import dev.tdb.proxy.credential.Secret;
import dev.tdb.proxy.route.BackendLogin;
import dev.tdb.testkit.contract.Site;
import java.net.InetSocketAddress;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A PostgreSQL server with a database for the contracts. Keeps one connection of its own. */
final class PostgresSite implements Site, AutoCloseable {
    private static final String DATABASE = "contract";
    private static final BackendLogin LOGIN = new BackendLogin("contract_app", Secret.of("known to the proxy only"));

    private final PostgresServer server;
    private final Connection connection;

    PostgresSite(PostgresServer server) throws SQLException {
        this.server = server;
        try (Connection first = server.connect("postgres");
                Statement statement = first.createStatement()) {
            statement.execute("CREATE ROLE " + LOGIN.user() + " LOGIN PASSWORD '"
                    + LOGIN.password().reveal() + "'");
            statement.execute("CREATE DATABASE " + DATABASE);
        }
        this.connection = server.connect(DATABASE);
        execute("CREATE TABLE trace (at bigserial PRIMARY KEY, number int NOT NULL)");
        execute("GRANT SELECT, INSERT ON trace TO " + LOGIN.user());
        execute("GRANT USAGE ON SEQUENCE trace_at_seq TO " + LOGIN.user());
    }

    @Override
    public InetSocketAddress address() {
        return new InetSocketAddress(server.host(), server.port());
    }

    @Override
    public String database() {
        return DATABASE;
    }

    @Override
    public Map<Role, BackendLogin> logins() {
        return Map.of(Role.READ, LOGIN, Role.WRITE, LOGIN, Role.ADMIN, LOGIN);
    }

    @Override
    public List<Integer> traces() {
        return numbers("SELECT number FROM trace ORDER BY at");
    }

    @Override
    public int running() {
        return numbers("SELECT count(*)::int FROM pg_stat_activity WHERE state = 'active' AND usename = '"
                        + LOGIN.user() + "'")
                .getFirst();
    }

    @Override
    public void clear() {
        endSessions();
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(numbers(sessions("pid"))).isEmpty());
        execute("TRUNCATE trace");
    }

    @Override
    public void endSessions() {
        numbers(sessions("pg_terminate_backend(pid)::int"));
    }

    private static String sessions(String what) {
        return "SELECT " + what + " FROM pg_stat_activity WHERE usename = '" + LOGIN.user() + "'";
    }

    private void execute(String sql) {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    private List<Integer> numbers(String sql) {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<Integer> numbers = new ArrayList<>();
            while (rows.next()) {
                numbers.add(rows.getInt(1));
            }
            return numbers;
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
        server.close();
    }
}
