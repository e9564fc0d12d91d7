package dev.tdb.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tdb.local.MySqlServer;
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

/** A MySQL or MariaDB server with a database for the contracts. Keeps one connection of its own. */
final class MySqlSite implements Site, AutoCloseable {
    private static final String DATABASE = "contract";
    private static final BackendLogin LOGIN = new BackendLogin("contract_app", Secret.of("known to the proxy only"));
    private static final int NO_SUCH_THREAD = 1094;

    private final MySqlServer server;
    private final Connection connection;

    MySqlSite(MySqlServer server) throws SQLException {
        this.server = server;
        this.connection = server.connect("");
        execute("CREATE DATABASE " + DATABASE);
        execute("USE " + DATABASE);
        execute("CREATE USER " + LOGIN.user() + "@'127.0.0.1' IDENTIFIED BY '"
                + LOGIN.password().reveal() + "'");
        execute("GRANT ALL ON " + DATABASE + ".* TO " + LOGIN.user() + "@'127.0.0.1'");
        execute("CREATE TABLE trace (at BIGINT AUTO_INCREMENT PRIMARY KEY, number INT NOT NULL)");
        execute("CREATE TABLE filler (n INT PRIMARY KEY)");
        execute("INSERT INTO filler WITH RECURSIVE numbers (n) AS"
                + " (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 1000) SELECT n FROM numbers");
    }

    MySqlServer server() {
        return server;
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
        return numbers("SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE COMMAND IN ('Query', 'Execute')"
                        + " AND USER = '" + LOGIN.user() + "'")
                .getFirst();
    }

    @Override
    public void clear() {
        endSessions();
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(sessions()).isEmpty());
        execute("TRUNCATE trace");
    }

    @Override
    public void endSessions() {
        for (int id : sessions()) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("KILL " + id);
            } catch (SQLException e) {
                if (e.getErrorCode() != NO_SUCH_THREAD) {
                    throw new IllegalStateException(e);
                }
            }
        }
    }

    private List<Integer> sessions() {
        return numbers("SELECT ID FROM information_schema.PROCESSLIST WHERE USER = '" + LOGIN.user() + "'");
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
