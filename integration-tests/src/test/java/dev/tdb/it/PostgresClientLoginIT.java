package dev.tdb.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.tdb.local.PostgresServer;
import dev.tdb.postgres.frontend.PostgresHandshake;
import dev.tdb.proxy.listen.TlsFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How pgjdbc and psql get in at a proxy that demands TLS, and what they are told when they do not. */
final class PostgresClientLoginIT {
    private static final String DATABASE = "it__login";

    private static PostgresServer server;
    private static TestCertificate certificate;
    private static DataPath proxy;
    private static DataPath asking;
    private static Endpoint endpoint;

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        certificate = TestCertificate.selfSigned(directory);
        server = TestServers.postgres(directory.resolve("server")).start();
        Place place = Place.create(server, server.host(), "login", DataPath.LOGIN);
        proxy = proxy(false);
        asking = proxy(true);
        proxy.lead(DATABASE, place).get(10, TimeUnit.SECONDS);
        asking.lead(DATABASE, place).get(10, TimeUnit.SECONDS);
        endpoint = Endpoint.of(proxy, DATABASE);
    }

    private static DataPath proxy(boolean asksForPassword) throws IOException {
        return new DataPath(
                DataPath.config(),
                new TlsFiles(
                        certificate.certificate(),
                        certificate.key(),
                        TlsFiles.Plaintext.NOBODY,
                        asksForPassword,
                        List.of(PostgresHandshake.APPLICATION_PROTOCOL)));
    }

    @AfterAll
    static void stop() {
        proxy.close();
        asking.close();
        server.close();
    }

    private static Connection connect(Endpoint at, String... settings) throws SQLException {
        List<String> all = new ArrayList<>(List.of(
                "sslmode",
                "verify-full",
                "sslrootcert",
                certificate.certificate().toString()));
        all.addAll(List.of(settings));
        return at.connect(all.toArray(String[]::new));
    }

    private static String ask(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }

    private static void assertSqlState(String sqlState, String message, Endpoint at, String... settings) {
        assertThatThrownBy(() -> connect(at, settings).close())
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo(sqlState))
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "-, -",
                "channelBinding, require",
                "channelBinding, disable",
                "sslNegotiation, direct",
                "protocolVersion, 3.0",
                "protocolVersion, 3.2",
                "gssEncMode, prefer",
                "requireAuth, scram-sha-256",
            })
    void pgjdbcGetsIn(String name, String value) throws SQLException {
        String[] settings = name == null ? new String[0] : new String[] {name, value};

        try (Connection connection = connect(endpoint, settings)) {
            assertThat(ask(connection, "SELECT current_database()")).isEqualTo("login");
        }
    }

    @Test
    void aListenerMayAskForThePasswordItself() throws SQLException {
        Endpoint at = Endpoint.of(asking, DATABASE);

        try (Connection connection = connect(at, "requireAuth", "password")) {
            assertThat(ask(connection, "SELECT 1")).isEqualTo("1");
        }
        assertSqlState("28P01", "password authentication failed", at, "password", "wrong");
    }

    @Test
    void withoutTlsNobodyGetsIn() {
        assertSqlState("28000", "TLS", endpoint, "sslmode", "disable");
    }

    @ParameterizedTest
    @CsvSource({
        "it_app, wrong, it__login",
        "nobody, the one password of the drivers, it__login",
        "it_app, the one password of the drivers, other__login",
        "it_app, the one password of the drivers, postgres",
    })
    void everyWrongLoginIsAWrongPassword(String user, String password, String database) {
        Endpoint at = new Endpoint(endpoint.host(), endpoint.port(), user, password, database);

        assertSqlState("28P01", "password authentication failed for user \"" + user + "\"", at);
    }

    @Test
    void aDatabaseThatIsNotThereIsToldToWhoMayKnow() {
        Endpoint at =
                new Endpoint(endpoint.host(), endpoint.port(), endpoint.user(), endpoint.password(), "it__missing");

        assertSqlState("3D000", "database \"it__missing\" does not exist", at);
    }

    @Test
    void startUpParametersReachTheServer() throws SQLException {
        try (Connection connection = connect(
                endpoint, "options", "-c search_path=mine -c app.tenant=a\\ b", "ApplicationName", "the driver")) {
            assertThat(ask(connection, "SHOW search_path")).isEqualTo("mine");
            assertThat(ask(connection, "SHOW app.tenant")).isEqualTo("a b");
            assertThat(ask(connection, "SHOW application_name")).isEqualTo("the driver");
        }
    }

    @Test
    void whatTheServerThinksOfThemIsItsOwnAnswer() {
        assertSqlState("42704", "no_such_thing", endpoint, "options", "-c no_such_thing=1");
        assertSqlState("22023", "IntervalStyle", endpoint, "options", "-c IntervalStyle=nonsense");
        assertSqlState("42601", "requires a value", endpoint, "options", "-c nothing");
        assertSqlState("42704", "user", endpoint, "options", "-c user=postgres");
    }

    @Test
    void aReplicationConnectionIsRefused() {
        assertSqlState(
                "0A000",
                "a replication connection is not supported",
                endpoint,
                "replication",
                "database",
                "assumeMinServerVersion",
                "9.4",
                "preferQueryMode",
                "simple");
    }

    @ParameterizedTest
    @ValueSource(strings = {"3.0", "3.2"})
    void whatRunsCanBeCancelled(String protocolVersion) throws Exception {
        try (Connection connection = connect(endpoint, "protocolVersion", protocolVersion);
                Statement statement = connection.createStatement()) {
            CompletableFuture<Throwable> slept = new CompletableFuture<>();
            Thread.ofVirtual().start(() -> {
                try {
                    statement.execute("SELECT pg_sleep(60)");
                    slept.complete(new AssertionError("slept"));
                } catch (SQLException e) {
                    slept.complete(e);
                }
            });
            while (!slept.isDone()) {
                statement.cancel(); // before the statement has begun it hits nothing
                TimeUnit.MILLISECONDS.sleep(20);
            }

            assertThat(slept.get())
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("57014"));
            assertThat(ask(connection, "SELECT 2")).isEqualTo("2");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sslmode=verify-full",
                "sslmode=verify-full channel_binding=require",
                "sslmode=require channel_binding=disable",
                "sslmode=prefer gssencmode=prefer",
                "sslmode=allow",
                "sslmode=verify-ca options='-c search_path=mine'",
            })
    void psqlGetsIn(String settings) throws Exception {
        assumeThat(isPsqlThere()).as("psql on the PATH").isTrue();

        String answer = psql(settings, endpoint.password());

        assertThat(answer).isEqualTo("login");
    }

    @Test
    void psqlIsToldWhyNot() throws Exception {
        assumeThat(isPsqlThere()).as("psql on the PATH").isTrue();

        assertThat(psql("sslmode=disable", endpoint.password()))
                .contains("FATAL:  this server accepts only TLS connections");
        assertThat(psql("sslmode=require", "wrong"))
                .contains("FATAL:  password authentication failed for user \"it_app\"");
    }

    private static boolean isPsqlThere() throws InterruptedException {
        try {
            return new ProcessBuilder("psql", "--version")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException _) {
            return false;
        }
    }

    private static String psql(String settings, String password) throws Exception {
        String connection = "host=" + endpoint.host() + " port=" + endpoint.port() + " user=" + endpoint.user()
                + " dbname=" + DATABASE + " sslrootcert=" + certificate.certificate() + " " + settings;
        ProcessBuilder builder = new ProcessBuilder(
                        "psql", "-X", "-w", "-A", "-t", "-d", connection, "-c", "SELECT current_database()")
                .redirectErrorStream(true);
        builder.environment().put("PGPASSWORD", password);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output.strip();
    }
}
