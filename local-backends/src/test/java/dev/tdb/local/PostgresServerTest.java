package dev.tdb.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresServerTest {
    /** Of all tests, which run one after the other: initialising takes longer than all else. */
    @TempDir
    static Path folder;

    @Test
    void theSuperuserMayConnectWithItsPasswordOnly() throws SQLException {
        try (PostgresServer server = Programs.server(folder.resolve("a")).start()) {
            assertThat(server.isRunning()).isTrue();
            assertThat(Sql.value(server, "SHOW server_version")).isEqualTo("18.6");
            assertThat(Sql.value(server, "SELECT lower('ÄÖ')")).isEqualTo("äö");
            assertThat(Sql.value(server, "SELECT rolpassword FROM pg_authid WHERE rolname = 'postgres'"))
                    .startsWith("SCRAM-SHA-256$");
            assertThat(Sql.value(server, "SELECT system_identifier FROM pg_control_system()"))
                    .isEqualTo(Long.toString(server.systemIdentifier()));
            assertThat(server.superuser().toString())
                    .doesNotContain(server.superuser().password());
            assertThatThrownBy(() -> DriverManager.getConnection(server.jdbcUrl("postgres"), "postgres", "wrong")
                            .close())
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("28P01"));
        }
    }

    @Test
    void aSecondStartIsQuickAndFindsDataAndPassword() throws SQLException {
        Path directory = folder.resolve("fresh");
        List<String> steps = new ArrayList<>();
        PostgresServer first = Programs.server(directory).progress(steps::add).start();
        Sql.execute(first, "CREATE TABLE kept AS SELECT 42 AS answer");
        first.close();
        assertThat(first.isRunning()).isFalse();

        long begin = System.nanoTime();
        try (PostgresServer second =
                Programs.server(directory).progress(steps::add).start()) {
            Duration duration = Duration.ofNanos(System.nanoTime() - begin);

            assertThat(Sql.value(second, "SELECT answer FROM kept")).isEqualTo("42");
            assertThat(second.superuser()).isEqualTo(first.superuser());
            assertThat(second.systemIdentifier()).isEqualTo(first.systemIdentifier());
            assertThat(duration).isLessThan(Duration.ofSeconds(3)); // some 0.2 s on a machine that is idle
            assertThat(steps)
                    .containsExactly(
                            "initialising " + directory,
                            "starting PostgreSQL 18.6 on port " + first.port(),
                            "starting PostgreSQL 18.6 on port " + second.port());
        }
    }

    @Test
    void twoServersRunAtOnce() {
        try (PostgresServer one = Programs.server(folder.resolve("a")).start();
                PostgresServer two = Programs.server(folder.resolve("b")).start()) {
            assertThat(one.port()).isNotEqualTo(two.port());
            assertThat(one.systemIdentifier()).isNotEqualTo(two.systemIdentifier());
            assertThat(one.superuser()).isNotEqualTo(two.superuser());
        }
    }

    @Test
    void settingsHoldAndAlterSystemWinsOverThem() throws SQLException {
        PostgresSpec spec = Programs.server(folder.resolve("a"))
                .setting("wal_level", "logical")
                .setting("application_name", "it's \\ odd")
                .setting("work_mem", "5MB");
        try (PostgresServer server = spec.start()) {
            assertThat(Sql.value(server, "SHOW wal_level")).isEqualTo("logical");
            assertThat(Sql.value(server, "SELECT reset_val FROM pg_settings WHERE name = 'work_mem'"))
                    .isEqualTo("5120");

            Sql.execute(server, "ALTER SYSTEM SET work_mem = '6MB'");
            server.restart();

            assertThat(Sql.value(server, "SHOW work_mem")).isEqualTo("6MB");
        }
    }

    @Test
    void aServerThatWasKilledComesBackOnItsPortWithWhatWasCommitted() throws SQLException {
        try (PostgresServer server =
                Programs.server(folder.resolve("a")).setting("fsync", "on").start()) {
            int port = server.port();
            Sql.execute(server, "CREATE TABLE kept AS SELECT 42 AS answer");
            try (Connection busy = server.connect("postgres")) {
                server.kill();

                assertThat(server.isRunning()).isFalse();
                assertThat(busy.isValid(1)).isFalse();
            }
            assertThat(Processes.workingIn(server.dataDirectory(), "postgres")).isEmpty();
            server.restart();
            assertThat(server.port()).isEqualTo(port);
            assertThat(Sql.value(server, "SELECT answer FROM kept")).isEqualTo("42");
            server.stop(StopMode.IMMEDIATE);
            assertThat(server.isRunning()).isFalse();
            server.stop(StopMode.FAST);
        }
    }

    @Test
    void anInterruptedThreadCanStopAServer() {
        PostgresServer server = Programs.server(folder.resolve("a")).start();
        Thread.currentThread().interrupt();

        server.close();

        assertThat(Thread.interrupted()).isTrue();
        assertThat(server.isRunning()).isFalse();
    }

    @Test
    void aTakenPortIsNamed() throws Exception {
        try (ServerSocket other = new ServerSocket()) {
            other.bind(new InetSocketAddress(InetAddress.ofLiteral(Ports.HOST), 0));
            PostgresSpec spec = Programs.server(folder.resolve("a")).port(other.getLocalPort());

            assertThatThrownBy(spec::start)
                    .isInstanceOfSatisfying(
                            PortTakenException.class, e -> assertThat(e.port()).isEqualTo(other.getLocalPort()))
                    .hasMessageContaining("port " + other.getLocalPort());
        }
    }

    @Test
    void aDirectoryInUseIsLeftAlone() {
        Path directory = folder.resolve("a");
        try (PostgresServer server = Programs.server(directory).start()) {
            assertThatThrownBy(() -> Programs.server(directory).start())
                    .isInstanceOf(DirectoryInUseException.class)
                    .hasMessageContaining(directory.toString());
            assertThat(server.isRunning()).isTrue();
        }
        Programs.server(directory).start().close();
    }

    @Test
    void aServerThatDoesNotStartIsQuotedAndLeavesTheDirectoryFree() {
        Path directory = folder.resolve("a");
        PostgresSpec wrong = Programs.server(directory).setting("wal_level", "nonsense");

        assertThatThrownBy(wrong::start)
                .isInstanceOf(ServerStartException.class)
                .hasMessageContaining("invalid value for parameter \"wal_level\": \"nonsense\"");

        Programs.server(directory).start().close();
    }

    @Test
    void aServerThatHangsIsEndedWhenPatienceRunsOut() throws Exception {
        Path directory = folder.resolve("hanging");
        Programs.server(directory).start().close();
        PostgresSpec hanging = Programs.server(directory).patience(Duration.ofSeconds(1));
        Files.createFile(directory.resolve("data/standby.signal")); // waits for WAL that nobody sends

        assertThatThrownBy(hanging.setting("hot_standby", "on").setting("restore_command", "sleep 60")::start)
                .isInstanceOf(ServerStartException.class)
                .hasMessageContaining("was not ready within 1 s");

        assertThat(Processes.workingIn(directory.toRealPath().resolve("data"), "postgres"))
                .isEmpty();
    }

    @Test
    void tlsIsSpokenWithTheGivenCertificate() throws Exception {
        PemFiles pem = PemFiles.selfSigned(folder);
        PostgresSpec spec = Programs.server(folder.resolve("a")).tls(pem.certificate(), pem.key());
        try (PostgresServer server = spec.start()) {
            Properties properties = new Properties();
            properties.setProperty("user", server.superuser().user());
            properties.setProperty("password", server.superuser().password());
            properties.setProperty("sslmode", "verify-ca");
            properties.setProperty("sslrootcert", pem.certificate().toString());
            properties.setProperty("channelBinding", "require");

            try (Connection connection = DriverManager.getConnection(server.jdbcUrl("postgres"), properties)) {
                assertThat(Sql.value(connection, "SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid()"))
                        .isEqualTo("TLSv1.3");
            }
        }
    }

    @Test
    void aServerOfThisMachineServesAsWell() throws SQLException {
        PostgresBinaries installed = PostgresBinaries.onPath().orElse(null);
        Assumptions.assumeTrue(installed != null, "no PostgreSQL on the PATH");
        try (PostgresServer server = PostgresServer.spec(folder.resolve("installed"), installed)
                .setting("fsync", "off")
                .start()) {
            assertThat(Sql.value(server, "SHOW server_version")).startsWith(installed.version());
        }
        assertThatThrownBy(() -> Programs.server(folder.resolve("installed")).start())
                .isInstanceOf(LocalServerException.class)
                .hasMessageContaining("was made by PostgreSQL " + installed.major());
    }
}
