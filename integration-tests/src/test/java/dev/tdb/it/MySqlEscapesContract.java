package dev.tdb.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tdb.local.MySqlServer;
import dev.tdb.proxy.credential.Role;
import dev.tdb.proxy.route.Engine;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How far tenants on a server of the MySQL family get out of their databases. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class MySqlEscapesContract {
    private static final String INTRUDER = "acme";
    private static final String NEIGHBOUR = "globex";

    /**
     * Access denied: to a database, a file, a table, a column, what takes a right, a routine; no right to grant; no such
     * session, or not one's own; no such routine, as far as this user sees; XA RECOVER; a role that is none, or was not
     * granted; what takes two rights, or SUPER.
     */
    private static final Set<Integer> REFUSED =
            Set.of(1044, 1045, 1142, 1143, 1227, 1370, 1410, 1698, 1094, 1095, 1305, 1401, 1959, 3530, 3630, 3631);

    private final Map<Role, Endpoint> doors = new EnumMap<>(Role.class);
    private MySqlServer server;
    private Installation installation;
    private Connection neighbour;
    private Map<String, String> names = Map.of();

    /** Skips the test where it does not run. */
    abstract MySqlServer start(Path directory);

    abstract String version();

    /** What only this product understands, and has to refuse. */
    abstract List<String> escapes();

    /** What shows everybody the names of databases, and nothing can be done about it. */
    abstract List<String> telltales();

    @BeforeAll
    void start(@TempDir Path server, @TempDir Path state) throws IOException, SQLException {
        this.server = start(server);
        installation = Installation.start(
                state,
                Engine.MYSQL,
                version(),
                List.of(
                        "CREATE TABLE items (n INT)",
                        "INSERT INTO items VALUES (1)",
                        "CREATE VIEW picture AS SELECT n FROM items",
                        "CREATE PROCEDURE grow() INSERT INTO items VALUES (7)"));
        installation.host("one", "127.0.0.1", this.server);
        installation.tenant(INTRUDER);
        installation.tenant(NEIGHBOUR);
        for (Role role : Role.values()) {
            doors.put(role, installation.tenant(INTRUDER, role));
        }
        neighbour = installation.tenant(NEIGHBOUR, Role.ADMIN).connect();
        run(
                neighbour,
                "CREATE TABLE canary (secret TEXT)",
                "INSERT INTO canary VALUES ('globex secret')",
                "CREATE PROCEDURE secrets() SELECT secret FROM canary");
        names = Map.of(
                "db", Installation.database(INTRUDER),
                "similar", Installation.database(INTRUDER).replace("__", "xx"),
                "theirs", Installation.database(NEIGHBOUR),
                "login", ask(neighbour, "SELECT SUBSTRING_INDEX(CURRENT_USER(), '@', 1)"),
                "pid",
                        Long.toString(neighbour
                                .unwrap(org.mariadb.jdbc.Connection.class)
                                .getThreadId()),
                "thread", ask(neighbour, "SELECT CONNECTION_ID()"),
                "root", this.server.superuser().user());
    }

    @AfterAll
    void stop() throws SQLException {
        if (neighbour != null) {
            neighbour.close();
            installation.close();
            server.close();
        }
    }

    static void run(Connection connection, String... statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static String ask(Connection connection, String sql) throws SQLException {
        return TestServers.column(connection, sql).getFirst();
    }

    /** How the intruder comes in. */
    final Connection intruder(Role role) throws SQLException {
        return doors.get(role).connect();
    }

    /** Of the neighbour, who is not to notice anything. */
    final Connection neighbour() {
        return neighbour;
    }

    /** What the server calls the neighbour's session. */
    final String thread() {
        return names.get("thread");
    }

    /** The login by which the neighbour is in. */
    final String login() {
        return names.get("login");
    }

    private List<String> escapes(Role role) {
        List<List<String>> lists = switch (role) {
            case READ -> List.of(MySqlEscape.anybody(), escapes(), MySqlEscape.notOwners(), MySqlEscape.readers());
            case WRITE -> List.of(MySqlEscape.anybody(), escapes(), MySqlEscape.notOwners());
            case ADMIN -> List.of(MySqlEscape.anybody(), escapes(), MySqlEscape.owners());
        };
        return lists.stream().flatMap(List::stream).toList();
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void everyWayOutIsShutAndTheServerIsAsItWas(Role role) throws SQLException {
        List<String> before = picture();
        List<String> wrong = new ArrayList<>();
        try (Connection intruder = intruder(role)) {
            for (String escape : escapes(role)) {
                String sql = MySqlEscape.sql(escape, names);
                try (Statement statement = intruder.createStatement()) {
                    statement.execute(sql);
                    wrong.add("done: " + sql);
                } catch (SQLException e) {
                    if (!REFUSED.contains(e.getErrorCode())) {
                        wrong.add(e.getErrorCode() + " " + e.getMessage() + ": " + sql);
                    }
                }
            }
            assertThat(TestServers.column(intruder, "SELECT LOAD_FILE('/etc/passwd')"))
                    .containsOnlyNulls();
        }

        assertThat(wrong).isEmpty();
        assertThat(picture()).isEqualTo(before);
        assertThat(ask(neighbour, "SELECT secret FROM canary")).isEqualTo("globex secret");
    }

    /** What an intruder would like to change. */
    private List<String> picture() throws SQLException {
        try (Connection root = server.connect("")) {
            return Stream.of(
                            "SELECT CONCAT_WS(' ', User, Host, plugin, authentication_string) FROM mysql.user ORDER BY"
                                    + " 1",
                            "SELECT CONCAT_WS(' ', Host, Db, User, Select_priv, Insert_priv, Create_priv, Grant_priv)"
                                    + " FROM mysql.db ORDER BY 1",
                            "SELECT CONCAT_WS(' ', SCHEMA_NAME, DEFAULT_CHARACTER_SET_NAME)"
                                    + " FROM information_schema.SCHEMATA ORDER BY 1",
                            "SELECT CONCAT_WS(' ', TABLE_SCHEMA, TABLE_NAME, TABLE_TYPE) FROM information_schema.TABLES"
                                    + " WHERE TABLE_SCHEMA LIKE 'it\\_\\_%' ORDER BY 1",
                            "SELECT CONCAT_WS(' ', @@global.read_only, @@global.max_connections, @@global.general_log,"
                                    + " @@global.init_connect, @@global.log_bin_trust_function_creators)")
                    .flatMap(sql -> uncheckedColumn(root, sql).stream())
                    .toList();
        }
    }

    private static List<String> uncheckedColumn(Connection connection, String sql) {
        try {
            return TestServers.column(connection, sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void nothingThatCanBeReadNamesTheNeighbour(Role role) throws SQLException {
        List<String> seen = new ArrayList<>();
        int read = 0;
        try (Connection root = server.connect("");
                Connection intruder = intruder(role)) {
            List<String> relations = TestServers.column(
                    root,
                    "SELECT CONCAT('`', TABLE_SCHEMA, '`.`', TABLE_NAME, '`') FROM information_schema.TABLES"
                            + " WHERE TABLE_SCHEMA IN ('information_schema', 'performance_schema', 'mysql', 'sys')");
            List<String> questions = new ArrayList<>(List.of(
                    "SHOW DATABASES",
                    "SHOW FULL PROCESSLIST",
                    "SHOW OPEN TABLES",
                    "SHOW PROCEDURE STATUS",
                    "SHOW TRIGGERS",
                    "SHOW GRANTS"));
            relations.forEach(relation -> questions.add("SELECT * FROM " + relation));
            questions.removeAll(telltales());
            for (String question : questions) {
                try (Statement statement = intruder.createStatement();
                        ResultSet rows = statement.executeQuery(question)) {
                    read++;
                    while (rows.next()) {
                        for (int column = 1; column <= rows.getMetaData().getColumnCount(); column++) {
                            String value = String.valueOf(rows.getString(column));
                            if (value.contains(NEIGHBOUR) || value.contains(names.get("login"))) {
                                seen.add(question + ": " + value);
                            }
                        }
                    }
                } catch (SQLException e) {
                    assertThat(e.getMessage()).as(question).doesNotContain(NEIGHBOUR);
                }
            }
        }

        assertThat(read).isGreaterThan(40);
        assertThat(seen).isEmpty();
    }

    @Test
    void whatIsMadeInADatabaseHasNoMoreRightsThanItsMaker() throws SQLException {
        String theirs = names.get("theirs");
        try (Connection maker = intruder(Role.ADMIN)) {
            run(
                    maker,
                    "CREATE TABLE bait (n INT)",
                    "CREATE PROCEDURE sneak() SELECT secret FROM " + theirs + ".canary",
                    "CREATE FUNCTION peek() RETURNS TEXT READS SQL DATA RETURN (SELECT secret FROM " + theirs
                            + ".canary LIMIT 1)",
                    "CREATE TRIGGER spy BEFORE INSERT ON bait FOR EACH ROW INSERT INTO " + theirs
                            + ".canary VALUES ('x')");

            for (String use : List.of("CALL sneak()", "SELECT peek()", "INSERT INTO bait VALUES (1)")) {
                assertThatThrownBy(() -> run(maker, use)).hasMessageContaining("denied");
            }

            run(maker, "DROP TABLE bait", "DROP PROCEDURE sneak", "DROP FUNCTION peek");
        }
        assertThat(TestServers.column(neighbour, "SELECT secret FROM canary")).containsExactly("globex secret");
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void noDoorOpensToAnotherRoom(Role role) {
        Endpoint door = doors.get(role);

        assertThatThrownBy(() -> door.to(Installation.database(NEIGHBOUR)).connect())
                .isInstanceOf(SQLException.class);
        assertThatThrownBy(() -> door.to("mysql").connect()).isInstanceOf(SQLException.class);
    }
}
