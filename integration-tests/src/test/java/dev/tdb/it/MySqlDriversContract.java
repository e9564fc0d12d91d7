package dev.tdb.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mysql.cj.jdbc.JdbcConnection;
import com.mysql.cj.jdbc.JdbcStatement;
import dev.tdb.local.MySqlServer;
import dev.tdb.mysql.MySqlFlavour;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Both JDBC drivers of the family are told the same by the proxy as by the server, also when their session is moved
 * before every step.
 */
interface MySqlDriversContract {
    /** A driver in one of its ways to execute. */
    enum Driver {
        MARIADB_TEXT("jdbc:mariadb://", "useServerPrepStmts=false"),
        MARIADB_BINARY("jdbc:mariadb://", "useServerPrepStmts=true"),
        MARIADB_COMPRESSED("jdbc:mariadb://", "useServerPrepStmts=true&useCompression=true"),
        CONNECTOR_J_TEXT("jdbc:mysql://", "useServerPrepStmts=false&sslMode=DISABLED"),
        CONNECTOR_J_COMPRESSED("jdbc:mysql://", "useCompression=true&sslMode=DISABLED"),
        CONNECTOR_J_BINARY(
                "jdbc:mysql://", "useServerPrepStmts=true&sslMode=DISABLED&useCursorFetch=true&defaultFetchSize=2");

        private final String scheme;
        private final String settings;

        Driver(String scheme, String settings) {
            this.scheme = scheme;
            this.settings = settings;
        }

        Connection connect(InetSocketAddress address) throws SQLException {
            return connect(address, MySqlDataPath.DATABASE);
        }

        /** @param database empty for none */
        Connection connect(InetSocketAddress address, String database) throws SQLException {
            Properties properties = new Properties();
            properties.setProperty("user", MySqlDataPath.LOGIN.user());
            properties.setProperty("password", MySqlDataPath.LOGIN.password().reveal());
            properties.setProperty("allowPublicKeyRetrieval", "true");
            return DriverManager.getConnection(
                    scheme + address.getHostString() + ":" + address.getPort() + "/" + database
                            + "?allowMultiQueries=true&" + settings,
                    properties);
        }
    }

    MySqlServer server();

    MySqlFlavour flavour();

    @ParameterizedTest
    @EnumSource
    default void aDriverIsToldTheSame(Driver driver) throws SQLException, IOException {
        List<String> direct = directly(driver, server());
        MySqlDataPath.prepare(server());
        try (MySqlDataPath proxy = new MySqlDataPath(flavour(), List.of(server()))) {
            Transcript transcript = new Transcript();

            work(driver.connect(proxy.address()), transcript);

            assertThat(told(transcript)).containsExactlyElementsOf(direct);
        }
    }

    @ParameterizedTest
    @EnumSource
    default void aDriverIsToldTheSameWhileItsSessionMoves(Driver driver) throws SQLException, IOException {
        List<String> direct = directly(driver, server());
        MySqlDataPath.prepare(server());
        try (MySqlDataPath proxy = new MySqlDataPath(flavour(), List.of(server()))) {
            Transcript transcript = new Transcript(proxy::flip);

            work(driver.connect(proxy.address()), transcript);

            assertThat(told(transcript)).containsExactlyElementsOf(direct);
            assertThat(proxy.released().moved()).isGreaterThan(10);
            assertThat(proxy.released().closedByReason()).isEqualTo(Map.of());
        }
    }

    @ParameterizedTest
    @EnumSource
    default void aSessionGoesFromDatabaseToDatabase(Driver driver) throws SQLException, IOException {
        MySqlDataPath.prepare(server());
        Transcript direct = new Transcript();
        wander(driver.connect(new InetSocketAddress(server().host(), server().port()), ""), direct);
        MySqlDataPath.prepare(server());
        try (MySqlDataPath proxy = new MySqlDataPath(flavour(), List.of(server()))) {
            Transcript transcript = new Transcript(proxy::flip);

            wander(driver.connect(proxy.address(), ""), transcript);

            assertThat(told(transcript)).containsExactlyElementsOf(told(direct));
            assertThat(proxy.released().closedByReason()).isEqualTo(Map.of());
        }
    }

    private static void wander(Connection opened, Transcript transcript) throws SQLException {
        try (Connection connection = opened) {
            transcript.execute(connection, "SELECT DATABASE(), @@autocommit");
            transcript.execute(connection, "CREATE TABLE t (n INT)");
            transcript.execute(connection, "SET @a = 7, SESSION time_zone = '+03:00'");
            transcript.execute(connection, "USE " + MySqlDataPath.DATABASE);
            transcript.execute(connection, "CREATE TABLE here (n INT)");
            transcript.execute(connection, "SELECT DATABASE(), @a, @@time_zone");
            transcript.attempt("the other catalog", () -> {
                connection.setCatalog(MySqlDataPath.OTHER_DATABASE);
                transcript.note(connection.getCatalog());
            });
            transcript.execute(connection, "SELECT * FROM here");
            transcript.execute(connection, "CREATE TABLE there (n INT)");
            transcript.execute(connection, "SELECT DATABASE(), @a, @@time_zone");
            transcript.execute(connection, "USE shop__nobody");
            transcript.execute(connection, "USE `" + MySqlDataPath.DATABASE + "`");
            transcript.prepared(connection, 1, "INSERT INTO here VALUES (?)", 3);
            transcript.prepared(connection, 2, "SELECT n, @a FROM here WHERE n = ?", 3);
            transcript.execute(connection, "SHOW TABLES");
        }
    }

    @ParameterizedTest
    @EnumSource
    default void aDriverSaysItsPasswordUnderOurKey(Driver driver) throws SQLException, IOException {
        MySqlDataPath.prepare(server());
        try (MySqlDataPath proxy = new MySqlDataPath(flavour(), List.of(server()), true);
                Connection connection = driver.connect(proxy.address())) {
            assertThat(connection.isValid(5)).isTrue();
        }
    }

    /** As pools do it; and a wrong password ends the connection, as at a server. */
    @Test
    default void aClientThatLogsInAnewIsToldTheSame() throws SQLException, IOException {
        MySqlDataPath.prepare(server());
        Transcript direct = new Transcript();
        logInAnew(Driver.CONNECTOR_J_TEXT.connect(new InetSocketAddress(server().host(), server().port())), direct);
        MySqlDataPath.prepare(server());
        try (MySqlDataPath proxy = new MySqlDataPath(flavour(), List.of(server()))) {
            Transcript transcript = new Transcript();

            logInAnew(Driver.CONNECTOR_J_TEXT.connect(proxy.address()), transcript);

            assertThat(told(transcript)).containsExactlyElementsOf(told(direct));
        }
    }

    private static void logInAnew(Connection opened, Transcript transcript) throws SQLException {
        String user = MySqlDataPath.LOGIN.user();
        String password = MySqlDataPath.LOGIN.password().reveal();
        try (Connection connection = opened) {
            JdbcConnection session = connection.unwrap(JdbcConnection.class);
            transcript.execute(connection, "CREATE TABLE t (n INT)");
            transcript.execute(connection, "SET @a = 7, SESSION time_zone = '+03:00'");
            transcript.execute(connection, "CREATE TEMPORARY TABLE mine (n INT)");
            transcript.attempt("the same user again", () -> session.changeUser(user, password));
            transcript.execute(connection, "SELECT @a, @@time_zone, DATABASE(), @@character_set_client");
            transcript.execute(connection, "SELECT * FROM mine");
            transcript.execute(connection, "BEGIN");
            transcript.execute(connection, "INSERT INTO t VALUES (1)");
            transcript.attempt("within a transaction", () -> session.changeUser(user, password));
            transcript.execute(connection, "SELECT COUNT(*) FROM t");
            transcript.execute(connection, "CREATE TEMPORARY TABLE mine (n INT)");
            transcript.execute(connection, "DROP TABLE mine");
            transcript.attempt("a wrong password", () -> session.changeUser(user, "not it"));
            transcript.attempt("afterwards", () -> transcript.note("valid " + connection.isValid(5)));
        }
    }

    /** A listener that says it is MySQL offers query attributes, whether its servers take them or not. */
    @ParameterizedTest
    @EnumSource(
            value = Driver.class,
            names = {"CONNECTOR_J_TEXT", "CONNECTOR_J_BINARY"})
    default void queryAttributesAreInNobodysWay(Driver driver) throws SQLException, IOException {
        MySqlDataPath.prepare(server());
        try (MySqlDataPath proxy = new MySqlDataPath(MySqlFlavour.MYSQL, List.of(server()));
                Connection connection = driver.connect(proxy.address());
                Statement statement = connection.createStatement();
                PreparedStatement insert = prepared(connection, "INSERT INTO t VALUES (?, ?)")) {
            statement.unwrap(JdbcStatement.class).setAttribute("trace", "0123-7");
            for (int i = 0; i < 4; i++) {
                insert.setInt(1, i);
                insert.setString(2, i == 2 ? null : "s".repeat(i * 100));
                insert.executeUpdate();
                proxy.flip();
            }

            try (ResultSet rows = statement.executeQuery("SELECT SUM(n), SUM(LENGTH(s)), COUNT(*) FROM t")) {
                rows.next();
                assertThat(List.of(rows.getInt(1), rows.getInt(2), rows.getInt(3)))
                        .isEqualTo(List.of(6, 400, 4));
            }
        }
    }

    private static PreparedStatement prepared(Connection connection, String sql) throws SQLException {
        update(connection, "CREATE TABLE t (n INT, s TEXT)");
        PreparedStatement statement = connection.prepareStatement(sql);
        statement.unwrap(JdbcStatement.class).setAttribute("span", 7);
        return statement;
    }

    /** What is not to be had elsewhere keeps a session where it is. */
    @Test
    default void aTemporaryTableKeepsASessionInItsDatabase() throws SQLException, IOException {
        MySqlDataPath.prepare(server());
        try (MySqlDataPath proxy = new MySqlDataPath(flavour(), List.of(server()));
                Connection connection = Driver.MARIADB_TEXT.connect(proxy.address());
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TEMPORARY TABLE t AS SELECT 1 AS n");

            assertThatThrownBy(() -> statement.execute("USE " + MySqlDataPath.OTHER_DATABASE))
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            refused -> assertThat(refused.getErrorCode()).isEqualTo(1235))
                    .hasMessageContaining("temporary table");

            assertThat(update(connection, "UPDATE t SET n = 2")).isEqualTo(1);
            statement.execute("DROP TABLE t");
        }
    }

    private static List<String> directly(Driver driver, MySqlServer server) throws SQLException {
        MySqlDataPath.prepare(server);
        Transcript transcript = new Transcript();
        work(driver.connect(new InetSocketAddress(server.host(), server.port())), transcript);
        assertThat(transcript.lines()).isNotEmpty();
        return told(transcript);
    }

    /** A connection has a number of its own on each side, and one of the drivers puts it into what it says of errors. */
    private static List<String> told(Transcript transcript) {
        return transcript.lines().stream()
                .map(line -> line.replaceFirst("\\(conn=\\d+\\)", "(conn)")
                        .replaceFirst("for user \\S+ to database 'shop__nobody'.*", "(denied)")
                        .replaceFirst("28000 .*", "28000 (denied)"))
                .toList();
    }

    private static void work(Connection opened, Transcript transcript) throws SQLException {
        try (Connection connection = opened) {
            transcript.execute(
                    connection,
                    "CREATE TABLE item (id INT PRIMARY KEY AUTO_INCREMENT, name VARCHAR(40) NOT NULL, price"
                            + " DECIMAL(8,2))");
            transcript.execute(connection, "INSERT INTO item VALUES (1, 'one', 1.10), (2, 'two', NULL)");
            transcript.execute(connection, "SELECT * FROM item ORDER BY id");
            transcript.execute(connection, "INSERT INTO item VALUES (1, 'again', 2)");
            transcript.execute(connection, "SELECT nothing FROM item");
            transcript.execute(connection, "SELEC 1");
            transcript.execute(connection, "SELECT 1 AS a; INSERT INTO item (name) VALUES ('ü'); SELECT 'ü' AS b");
            transcript.execute(connection, "SELECT COUNT(*) FROM item");
            transcript.prepared(connection, 4, "SELECT name, ? + id FROM item WHERE id = ?", 40, 2);
            transcript.prepared(connection, 2, "UPDATE item SET price = ? WHERE id > ?", 3, 0);
            transcript.prepared(connection, 1, "INSERT INTO item (id, name) VALUES (?, ?)", 1, null);
            transcript.prepared(connection, 2, "SELECT * FROM item WHERE id > ? ORDER BY id", 0);
            transcript.execute(connection, "SET @a = 7, @b = 'text', @c = 1.5, @d = 1e3");
            transcript.execute(connection, "SELECT @a, @b, @c, @d, @never");
            transcript.execute(connection, "SET SESSION sql_mode = 'ANSI_QUOTES', time_zone = '+03:00'");
            transcript.execute(connection, "SELECT @@sql_mode, @@time_zone, DATABASE()");
            transcript.execute(connection, "INSERT INTO item (name) VALUES ('last')");
            transcript.execute(connection, "SELECT LAST_INSERT_ID()");
            transcript.execute(connection, "SELECT REPEAT('x', 20000000)");
            transcript.attempt("a transaction", () -> {
                connection.setAutoCommit(false);
                transcript.note("rows " + update(connection, "UPDATE item SET name = 'changed'"));
                connection.rollback();
                transcript.note("rows " + update(connection, "UPDATE item SET name = 'again' WHERE id = 1"));
                connection.commit();
                connection.setAutoCommit(true);
            });
            transcript.execute(connection, "SELECT id, name FROM item ORDER BY id");
            transcript.attempt("is it alive", () -> transcript.note("valid " + connection.isValid(5)));
            transcript.attempt("catalog", () -> transcript.note(connection.getCatalog()));
            transcript.execute(connection, "CREATE PROCEDURE two() BEGIN SELECT 1; SELECT 2; END");
            transcript.execute(connection, "CALL two()");
        }
    }

    private static int update(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            return statement.executeUpdate(sql);
        }
    }
}
