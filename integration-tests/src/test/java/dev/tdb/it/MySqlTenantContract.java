package dev.tdb.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tdb.control.cutover.FlipRequest.OnDeadline;
import dev.tdb.control.cutover.FlipResult;
import dev.tdb.control.query.AdminQuery;
import dev.tdb.control.querylog.LogEntry;
import dev.tdb.control.querylog.LogFilter;
import dev.tdb.local.MySqlServer;
import dev.tdb.proxy.credential.Role;
import dev.tdb.proxy.route.Engine;
import dev.tdb.proxy.route.ServerAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The life of tenants on a server of the MySQL family, and how far they get out of their databases. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class MySqlTenantContract {
    private static final String INTRUDER = "acme";
    private static final String NEIGHBOUR = "globex";
    private static final Duration DRAIN = Duration.ofSeconds(10);

    /**
     * Access denied: to a database, a file, a table, a column, what takes a right, a routine; no right to grant; no such
     * session, or not one's own; no such routine, as far as this user sees.
     */
    private static final Set<Integer> REFUSED =
            Set.of(1044, 1045, 1142, 1143, 1227, 1370, 1410, 1698, 1094, 1095, 1305);

    private final Map<Role, Endpoint> doors = new EnumMap<>(Role.class);
    private MySqlServer server;
    private Installation installation;
    private Connection neighbour;
    private Map<String, String> names = Map.of();

    /** Skips the test where it does not run. */
    abstract MySqlServer start(Path directory);

    abstract String version();

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

    private static void run(Connection connection, String... statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static String ask(Connection connection, String sql) throws SQLException {
        return column(connection, sql).getFirst();
    }

    private static List<String> column(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> values = new ArrayList<>();
            while (rows.next()) {
                values.add(String.valueOf(rows.getString(1)));
            }
            return values;
        }
    }

    private static String ask(Endpoint door, String sql) throws SQLException {
        try (Connection connection = door.connect()) {
            return ask(connection, sql);
        }
    }

    @Test
    void aTenantLivesAndDies() throws Exception {
        Endpoint door = installation.tenant("initech");
        Connection session = door.connect();
        run(session, "SET @mine = 42");
        assertThat(ask(session, "SELECT n FROM items")).isEqualTo("1");

        installation.suspend("initech", Duration.ofSeconds(20));
        CompletableFuture<String> held = CompletableFuture.supplyAsync(() -> uncheckedAsk(session, "SELECT @mine"));
        assertThat(held).isNotDone();
        installation.resume("initech");
        assertThat(held.get()).isEqualTo("42");

        ServerAddress other = new ServerAddress("localhost", server.port());
        FlipResult flip = installation.flip("initech", other, DRAIN, OnDeadline.ABORT);
        assertThat(flip.sameServer()).isTrue();
        assertThat(flip.moved()).isEqualTo(1);
        assertThat(ask(session, "SELECT @mine")).isEqualTo("42");

        assertThat(installation
                        .control()
                        .queries()
                        .ask(
                                installation.project(),
                                "initech",
                                new AdminQuery("it", "SELECT n FROM items", "key", "127.0.0.1"))
                        .result()
                        .rows())
                .hasToString("[[1]]");

        installation.control().tenants().delete(installation.project(), "initech", false);
        assertThatThrownBy(() -> ask(door, "SELECT 1")).isInstanceOf(SQLException.class);
        installation.control().tenants().restore(installation.project(), "initech");
        assertThat(ask(door, "SELECT n FROM items")).isEqualTo("1");

        installation.remove("initech");
        session.close();
        try (Connection root = server.connect("")) {
            assertThat(column(root, "SELECT SCHEMA_NAME FROM information_schema.SCHEMATA"))
                    .doesNotContain("it__initech");
            assertThat(column(root, "SELECT Db FROM mysql.db WHERE Db LIKE '%initech%'"))
                    .isEmpty();
        }
    }

    private static String uncheckedAsk(Connection connection, String sql) {
        try {
            return ask(connection, sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aHeldUnitThatWaitsTooLongIsRefusedAndItsConnectionGoesOn() throws SQLException {
        Endpoint door = installation.tenant("patient");
        try (Connection session = door.connect()) {
            installation.suspend("patient", Duration.ofMillis(200));

            assertThatThrownBy(() -> ask(session, "SELECT 1"))
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            e -> assertThat(e.getErrorCode()).isEqualTo(1205));

            installation.resume("patient");
            assertThat(ask(session, "SELECT n FROM items")).isEqualTo("1");
        }
        installation.remove("patient");
    }

    @Test
    void theQueryLogHasTheTextOfPreparedExecutions() throws SQLException {
        Endpoint door = installation.tenant("logged");
        try (Connection session = door.connectPatiently();
                PreparedStatement statement = session.prepareStatement("SELECT n, ? AS marker FROM items")) {
            statement.setString(1, "x");
            statement.executeQuery().close();
            assertThatThrownBy(() -> ask(session, "SELECT * FROM missing")).isInstanceOf(SQLException.class);
        }

        await().untilAsserted(() -> {
            List<LogEntry> entries = installation
                    .control()
                    .queryLog()
                    .search(installation.project(), "logged", LogFilter.newest())
                    .entries();
            assertThat(entries)
                    .anySatisfy(entry -> {
                        assertThat(entry.query()).contains("AS marker FROM items");
                        assertThat(entry.success()).isTrue();
                        assertThat(entry.rows()).isEqualTo(1);
                        assertThat(entry.engine()).isEqualTo(Engine.MYSQL);
                    })
                    .anySatisfy(entry -> {
                        assertThat(entry.query()).isEqualTo("SELECT * FROM missing");
                        assertThat(entry.errorCode()).isEqualTo("1146");
                    });
        });
        installation.remove("logged");
    }

    private static List<String> escapes(Role role) {
        List<List<String>> lists = switch (role) {
            case READ -> List.of(MySqlEscape.anybody(), MySqlEscape.notOwners(), MySqlEscape.readers());
            case WRITE -> List.of(MySqlEscape.anybody(), MySqlEscape.notOwners());
            case ADMIN -> List.of(MySqlEscape.anybody(), MySqlEscape.owners());
        };
        return lists.stream().flatMap(List::stream).toList();
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void everyWayOutIsShutAndTheServerIsAsItWas(Role role) throws SQLException {
        List<String> before = picture();
        List<String> wrong = new ArrayList<>();
        try (Connection intruder = doors.get(role).connect()) {
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
            assertThat(ask(intruder, "SELECT LOAD_FILE('/etc/passwd')")).isEqualTo("null");
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
            return column(connection, sql);
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
                Connection intruder = doors.get(role).connect()) {
            List<String> relations = column(
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

    @ParameterizedTest
    @EnumSource(Role.class)
    void noDoorOpensToAnotherRoom(Role role) {
        Endpoint door = doors.get(role);

        assertThatThrownBy(() -> door.to(Installation.database(NEIGHBOUR)).connect())
                .isInstanceOf(SQLException.class);
        assertThatThrownBy(() -> door.to("mysql").connect()).isInstanceOf(SQLException.class);
    }
}
