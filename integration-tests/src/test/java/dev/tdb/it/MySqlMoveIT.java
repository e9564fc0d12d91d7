package dev.tdb.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tdb.app.config.ServeConfig;
import dev.tdb.control.cutover.FlipRequest.OnDeadline;
import dev.tdb.control.cutover.FlipResult;
import dev.tdb.local.MySqlServer;
import dev.tdb.proxy.route.Engine;
import dev.tdb.proxy.route.ServerAddress;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A route that leads to another MariaDB server: its sessions follow, and nobody gets into the old one any more. */
final class MySqlMoveIT {
    private static final Duration DRAIN = Duration.ofSeconds(10);
    private static final String DATABASE = Installation.database("mover");

    @Test
    void theOldServerIsShutAndTheSessionGoesOnAtTheNewOne(@TempDir Path directory) throws Exception {
        try (MySqlServer first = TestServers.mariaDb(directory.resolve("first")).start();
                MySqlServer second =
                        TestServers.mariaDb(directory.resolve("second")).start();
                Installation installation = Installation.start(
                        directory.resolve("state"),
                        Engine.MYSQL,
                        ServeConfig.MYSQL_VERSION,
                        List.of("CREATE TABLE place (name varchar(20))", "INSERT INTO place VALUES ('first')"))) {
            installation.host("first", "127.0.0.1", first);
            Endpoint door = installation.tenant("mover");
            installation.host("second", "127.0.0.1", second);
            run(
                    second.connect(""),
                    "CREATE DATABASE " + DATABASE + " CHARACTER SET utf8mb4",
                    "CREATE TABLE " + DATABASE + ".place (name varchar(20))",
                    "INSERT INTO " + DATABASE + ".place VALUES ('second')");
            try (Connection session = door.connect()) {
                try (Statement statement = session.createStatement()) {
                    statement.execute("SET @mine = 42, SESSION sort_buffer_size = 65536");
                }
                assertThat(ask(session, "SELECT name FROM place")).isEqualTo("first");

                FlipResult there = flip(installation, second);
                String answer = ask(session, "SELECT CONCAT_WS(' ', name, @mine, @@sort_buffer_size) FROM place");

                assertThat(there.sameServer()).isFalse();
                assertThat(there.moved()).isEqualTo(1);
                assertThat(there.warnings()).isEmpty();
                assertThat(answer).isEqualTo("second 42 65536");
                assertThat(logins(first)).isEmpty();
                assertThat(logins(second)).hasSize(3);

                assertThat(flip(installation, first).moved()).isEqualTo(1);
                assertThat(ask(session, "SELECT CONCAT_WS(' ', name, @mine) FROM place"))
                        .isEqualTo("first 42");
                assertThat(logins(second)).isEmpty();
            }
        }
    }

    private static FlipResult flip(Installation installation, MySqlServer to) {
        return installation.flip("mover", new ServerAddress("127.0.0.1", to.port()), DRAIN, OnDeadline.ABORT);
    }

    /** The users that may do anything in the tenant's database. */
    private static List<String> logins(MySqlServer server) throws SQLException {
        try (Connection root = server.connect("")) {
            return column(root, "SELECT User FROM mysql.db WHERE Db LIKE '%mover'");
        }
    }

    private static void run(Connection connection, String... statements) throws SQLException {
        try (connection;
                Statement statement = connection.createStatement()) {
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
                values.add(rows.getString(1));
            }
            return values;
        }
    }
}
