package dev.tdb.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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

/** A server of any engine that speaks SQL, with a database for the contracts. Keeps one connection of its own. */
abstract class SqlSite implements Site, AutoCloseable {
    static final String DATABASE = "contract";
    static final BackendLogin LOGIN = new BackendLogin("contract_app", Secret.of("known to the proxy only"));

    private final InetSocketAddress address;
    private final Connection connection;

    /** @param connection an administrator's; it belongs to the site */
    SqlSite(InetSocketAddress address, Connection connection) {
        this.address = address;
        this.connection = connection;
    }

    @Override
    public InetSocketAddress address() {
        return address;
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

    /** Those of {@link #LOGIN}, by the server's numbers. */
    abstract List<Integer> sessions();

    @Override
    public void clear() {
        endSessions();
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(sessions()).isEmpty());
        execute("TRUNCATE trace");
    }

    Connection connection() {
        return connection;
    }

    void execute(String sql) {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    List<Integer> numbers(String sql) {
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
    }
}
