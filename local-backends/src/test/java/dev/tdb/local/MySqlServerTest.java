package dev.tdb.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tdb.local.MySqlBinaries.Flavour;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MySqlServerTest {
    /** Of all tests, which run one after the other: initialising takes longer than all else. */
    @TempDir
    static Path folder;

    @ParameterizedTest
    @EnumSource
    void theSuperuserMayConnectWithItsPasswordOnlyAndNobodyElse(Flavour flavour) throws SQLException {
        try (MySqlServer server = spec(flavour).start()) {
            assertThat(server.isRunning()).isTrue();
            assertThat(server.flavour()).isEqualTo(flavour);
            assertThat(value(server, "SELECT VERSION()"))
                    .startsWith(flavour == Flavour.MARIADB ? "11.4.5-MariaDB" : "8.0.31");
            assertThat(value(server, "SELECT GROUP_CONCAT(User, '@', Host) FROM mysql.user WHERE Host <> 'localhost'"))
                    .isEqualTo("root@127.0.0.1");
            assertThat(value(server, "SELECT COUNT(*) FROM mysql.user WHERE User = '' OR User = 'root'"))
                    .isEqualTo("1");
            assertThatThrownBy(() -> DriverManager.getConnection(
                                    server.jdbcUrl("") + "?allowPublicKeyRetrieval=true", "root", "wrong")
                            .close())
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            e -> assertThat(e.getErrorCode()).isEqualTo(1045));
        }
    }

    @ParameterizedTest
    @EnumSource
    void usersHaveTheRightsTheyAreGrantedAndNoOthers(Flavour flavour) throws SQLException {
        try (MySqlServer server = spec(flavour).start()) {
            execute(
                    server,
                    "CREATE DATABASE granted",
                    "CREATE DATABASE other",
                    "CREATE TABLE granted.t (n INT)",
                    "CREATE USER app@'127.0.0.1' IDENTIFIED BY 'secret of app'",
                    "GRANT SELECT ON granted.* TO app@'127.0.0.1'");

            Properties properties = new Properties();
            properties.setProperty("user", "app");
            properties.setProperty("password", "secret of app");
            properties.setProperty("allowPublicKeyRetrieval", "true");
            try (Connection app = DriverManager.getConnection(server.jdbcUrl("granted"), properties)) {
                assertThat(Sql.value(app, "SELECT COUNT(*) FROM t")).isEqualTo("0");
                assertThatThrownBy(() -> Sql.value(app, "SELECT 1 FROM other.t"))
                        .isInstanceOf(SQLException.class)
                        .hasMessageContaining("denied");
            }
            execute(server, "DROP DATABASE granted", "DROP DATABASE other", "DROP USER app@'127.0.0.1'");
        }
    }

    @ParameterizedTest
    @EnumSource
    void longPacketsAreTakenAndRowsGoToTheBinaryLog(Flavour flavour) throws SQLException {
        try (MySqlServer server = spec(flavour).start()) {
            assertThat(Long.parseLong(value(server, "SELECT @@max_allowed_packet")))
                    .isGreaterThanOrEqualTo(64 << 20);
            assertThat(value(server, "SELECT @@log_bin")).isEqualTo("1");
            assertThat(value(server, "SELECT @@binlog_format")).isEqualTo("ROW");
            assertThat(value(server, "SELECT LENGTH('" + "x".repeat(20 << 20) + "')"))
                    .isEqualTo(Integer.toString(20 << 20));
        }
    }

    @ParameterizedTest
    @EnumSource
    void tlsIsSpokenWithTheGivenCertificate(Flavour flavour) throws Exception {
        PemFiles pem = PemFiles.selfSigned(Files.createTempDirectory(folder, "pem"));
        try (MySqlServer server =
                spec(flavour).tls(pem.certificate(), pem.key()).start()) {
            Properties properties = new Properties();
            properties.setProperty("user", server.superuser().user());
            properties.setProperty("password", server.superuser().password());
            properties.setProperty("sslMode", "verify-ca");
            properties.setProperty("serverSslCert", pem.certificate().toString());

            try (Connection connection = DriverManager.getConnection(server.jdbcUrl(""), properties)) {
                assertThat(Sql.value(connection, "SHOW STATUS LIKE 'Ssl_version'", 2))
                        .isEqualTo("TLSv1.3");
            }
        }
    }

    @Test
    void aSecondStartFindsDataAndPassword() throws SQLException {
        Path directory = folder.resolve("fresh");
        List<String> steps = new ArrayList<>();
        MySqlServer first = Programs.mySqlServer(directory, Programs.mariaDb())
                .progress(steps::add)
                .start();
        execute(first, "CREATE DATABASE kept", "CREATE TABLE kept.t AS SELECT 42 AS answer");
        first.close();
        assertThat(first.isRunning()).isFalse();

        try (MySqlServer second = Programs.mySqlServer(directory, Programs.mariaDb())
                .progress(steps::add)
                .start()) {
            assertThat(value(second, "SELECT answer FROM kept.t")).isEqualTo("42");
            assertThat(second.superuser()).isEqualTo(first.superuser());
            assertThat(steps)
                    .containsExactly(
                            "initialising " + directory,
                            "starting MariaDB 11.4.5 on port " + first.port(),
                            "starting MariaDB 11.4.5 on port " + second.port());
        }
    }

    @Test
    void aServerThatWasKilledComesBackOnItsPortWithWhatWasCommitted() throws SQLException {
        try (MySqlServer server = spec(Flavour.MARIADB).start()) {
            int port = server.port();
            execute(server, "CREATE OR REPLACE DATABASE kept", "CREATE TABLE kept.t AS SELECT 42 AS answer");
            try (Connection busy = server.connect("")) {
                server.kill();

                assertThat(server.isRunning()).isFalse();
                assertThat(busy.isValid(1)).isFalse();
            }
            assertThat(Processes.workingIn(server.dataDirectory(), "mariadbd")).isEmpty();
            server.restart();
            assertThat(server.port()).isEqualTo(port);
            assertThat(value(server, "SELECT answer FROM kept.t")).isEqualTo("42");
            server.stop(StopMode.IMMEDIATE);
            assertThat(server.isRunning()).isFalse();
        }
    }

    @Test
    void aTakenPortIsNamed() throws Exception {
        try (ServerSocket other = new ServerSocket()) {
            other.bind(new InetSocketAddress(InetAddress.ofLiteral(Ports.HOST), 0));
            MySqlSpec spec = spec(Flavour.MARIADB).port(other.getLocalPort());

            assertThatThrownBy(spec::start)
                    .isInstanceOfSatisfying(
                            PortTakenException.class, e -> assertThat(e.port()).isEqualTo(other.getLocalPort()));
        }
    }

    @Test
    void aDirectoryInUseIsLeftAlone() {
        try (MySqlServer server = spec(Flavour.MARIADB).start()) {
            assertThatThrownBy(() -> spec(Flavour.MARIADB).start()).isInstanceOf(DirectoryInUseException.class);
            assertThat(server.isRunning()).isTrue();
        }
    }

    @Test
    void aServerThatDoesNotStartIsQuotedAndLeavesTheDirectoryFree() {
        MySqlSpec wrong = spec(Flavour.MARIADB).setting("no-such-setting", "1");

        assertThatThrownBy(wrong::start)
                .isInstanceOf(ServerStartException.class)
                .hasMessageContaining("unknown variable 'no-such-setting=1'");

        spec(Flavour.MARIADB).start().close();
    }

    @Test
    void aServerThatIsNotReadyInTimeIsEnded() throws Exception {
        spec(Flavour.MARIADB).start().close();

        assertThatThrownBy(() -> spec(Flavour.MARIADB).patience(Duration.ZERO).start())
                .isInstanceOf(ServerStartException.class)
                .hasMessageContaining("was not ready within 0 s");

        Path data = folder.resolve(Flavour.MARIADB.title()).toRealPath().resolve("data");
        assertThat(Processes.workingIn(data, "mariadbd")).isEmpty();
    }

    @Test
    void dataOfTheOtherFlavourIsRefused() {
        spec(Flavour.MARIADB).start().close();
        assumeMySql();

        assertThatThrownBy(() -> Programs.mySqlServer(folder.resolve(Flavour.MARIADB.title()), Programs.mySql())
                        .start())
                .isInstanceOf(LocalServerException.class)
                .hasMessageContaining("was made by MariaDB 11.4");
    }

    private static MySqlSpec spec(Flavour flavour) {
        MySqlBinaries binaries = switch (flavour) {
            case MARIADB -> Programs.mariaDb();
            case MYSQL -> {
                assumeMySql();
                yield Programs.mySql();
            }
        };
        return Programs.mySqlServer(folder.resolve(flavour.title()), binaries);
    }

    private static void assumeMySql() {
        Optional<String> obstacle = Programs.mySql().obstacle();
        assumeTrue(obstacle.isEmpty(), () -> obstacle.orElse(""));
    }

    private static void execute(MySqlServer server, String... statements) throws SQLException {
        try (Connection connection = server.connect("");
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static String value(MySqlServer server, String sql) throws SQLException {
        try (Connection connection = server.connect("")) {
            return Sql.value(connection, sql);
        }
    }
}
