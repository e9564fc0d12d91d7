package dev.tdb.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tdb.local.MySqlServer;
import dev.tdb.mysql.MySqlFlavour;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A dump through the proxy is the same as straight, and is read in again. */
final class MariaDbDumpIT {
    private static final Path NOTHING = Path.of("/dev/null");

    @TempDir
    static Path directory;

    private static MySqlServer server;
    private static MySqlDataPath proxy;

    @BeforeAll
    static void start() throws Exception {
        server = TestServers.mariaDb(directory.resolve("server")).start();
        MySqlDataPath.prepare(server);
        String url = server.jdbcUrl(MySqlDataPath.DATABASE);
        String password = MySqlDataPath.LOGIN.password().reveal();
        try (Connection owner = DriverManager.getConnection(url, MySqlDataPath.LOGIN.user(), password);
                Statement statement = owner.createStatement()) {
            for (String sql : List.of(
                    "CREATE TABLE items (n INT PRIMARY KEY, name TEXT, picture BLOB)",
                    "INSERT INTO items VALUES (1, 'eins', X'00ff'), (2, NULL, NULL), (3, 'drei\n''3''', '')",
                    "CREATE VIEW names AS SELECT name FROM items",
                    "CREATE PROCEDURE grow() INSERT INTO items VALUES (4, 'vier', NULL)",
                    "CREATE TRIGGER seen BEFORE INSERT ON items FOR EACH ROW SET @seen = NEW.n")) {
                statement.execute(sql);
            }
        }
        proxy = new MySqlDataPath(MySqlFlavour.MARIADB, List.of(server));
    }

    @AfterAll
    static void stop() {
        proxy.close();
        server.close();
    }

    private static String run(int port, Path input, String program, String... options)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                TestServers.mariaDbPrograms().resolve(program).toString(),
                "--no-defaults",
                "--skip-ssl",
                "--host=127.0.0.1",
                "--port=" + port,
                "--user=" + MySqlDataPath.LOGIN.user(),
                "--password=" + MySqlDataPath.LOGIN.password().reveal()));
        command.addAll(List.of(options));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(input.toFile())
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return said + "exit " + process.waitFor();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"--opt", "--single-transaction", "--skip-lock-tables", "--quick --routines --triggers --hex-blob"
            })
    void aDumpIsTheSame(String options) throws Exception {
        List<String> all = new ArrayList<>(List.of("--skip-comments"));
        all.addAll(List.of(options.split(" ", -1)));
        all.add(MySqlDataPath.DATABASE);

        String straight = run(server.port(), NOTHING, "mariadb-dump", all.toArray(String[]::new));
        String dump = run(proxy.address().getPort(), NOTHING, "mariadb-dump", all.toArray(String[]::new));

        assertThat(dump).isEqualTo(straight);
        assertThat(dump).contains("CREATE TABLE `items`").contains("drei").endsWith("exit 0");
    }

    @Test
    void aDumpIsReadIntoAnotherDatabase() throws Exception {
        Path dump = directory.resolve("dump.sql");
        Files.writeString(
                dump,
                run(proxy.address().getPort(), NOTHING, "mariadb-dump", MySqlDataPath.DATABASE, "items")
                        .replaceFirst("exit 0$", ""));

        String said = run(proxy.address().getPort(), dump, "mariadb", MySqlDataPath.OTHER_DATABASE);

        assertThat(said).isEqualTo("exit 0");
        assertThat(rows(MySqlDataPath.OTHER_DATABASE)).containsExactly("1", "2", "3");
    }

    private static List<String> rows(String database) throws SQLException {
        try (Connection root = server.connect(database)) {
            return TestServers.column(root, "SELECT n FROM items ORDER BY n");
        }
    }
}
