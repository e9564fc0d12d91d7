package dev.tdb.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tdb.it.ServerLinks.Leased;
import dev.tdb.local.PostgresServer;
import dev.tdb.proxy.backend.LinkFailure;
import dev.tdb.proxy.backend.LinkProfile;
import dev.tdb.proxy.backend.LinkSpec;
import dev.tdb.proxy.credential.ProjectId;
import dev.tdb.proxy.credential.Role;
import dev.tdb.proxy.credential.Secret;
import dev.tdb.proxy.route.BackendLogin;
import dev.tdb.proxy.route.DatabaseName;
import dev.tdb.proxy.route.Engine;
import dev.tdb.proxy.route.Route;
import dev.tdb.proxy.route.RouteKey;
import dev.tdb.proxy.route.RouteState;
import dev.tdb.proxy.route.ServerAddress;
import dev.tdb.proxy.route.ServerTls;
import dev.tdb.proxy.route.Target;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Our logins at a real PostgreSQL, by every method it may ask for, and what a link is like after its reset. */
final class PostgresServerLoginIT {
    private static final String PASSWORD = "correct horse battery";
    private static final String HBA = """
        hostssl   all clear_user all password
        hostnossl all clear_user all password
        host      all md5_user   all md5
        host      all trust_user all trust
        host      all no_user    all reject
        host      all all        all scram-sha-256
        """;

    private static PostgresServer server;
    private static ServerLinks links;
    private static String caPem;

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        TestCertificate certificate = TestCertificate.selfSigned(directory);
        caPem = Files.readString(certificate.certificate());
        server = TestServers.postgres(directory.resolve("server"))
                .tls(certificate.certificate(), certificate.key())
                .start();
        execute(
                "CREATE ROLE owner_role",
                "CREATE ROLE scram_user LOGIN PASSWORD '" + PASSWORD + "' IN ROLE owner_role",
                "ALTER ROLE scram_user SET role = 'owner_role'",
                "CREATE ROLE clear_user LOGIN PASSWORD '" + PASSWORD + "'",
                "CREATE ROLE trust_user LOGIN",
                "CREATE ROLE no_user LOGIN PASSWORD '" + PASSWORD + "'",
                "CREATE ROLE fenced_user NOLOGIN PASSWORD '" + PASSWORD + "'",
                "CREATE ROLE full_user LOGIN CONNECTION LIMIT 0 PASSWORD '" + PASSWORD + "'",
                "SET password_encryption = 'md5'; CREATE ROLE md5_user LOGIN PASSWORD '" + PASSWORD + "'",
                "CREATE DATABASE closed",
                "REVOKE CONNECT ON DATABASE closed FROM PUBLIC");
        Files.writeString(server.dataDirectory().resolve("pg_hba.conf"), superuserRule() + HBA);
        execute("SELECT pg_reload_conf()");
        links = new ServerLinks();
    }

    /** Ours comes first, so that the test itself is never locked out. */
    private static String superuserRule() {
        return "host all " + server.superuser().user() + " all scram-sha-256\n";
    }

    @AfterAll
    static void stop() {
        links.close();
        server.close();
    }

    private static void execute(String... statements) throws SQLException {
        try (Connection connection = server.connect("postgres");
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static LinkSpec spec(String user, ServerTls.Mode mode) {
        return spec(user, PASSWORD, "postgres", new ServerTls(mode, caPem), Map.of());
    }

    private static LinkSpec spec(
            String user, String password, String database, ServerTls tls, Map<String, String> parameters) {
        Target target = new Target(
                "host",
                new ServerAddress(server.host(), server.port()),
                tls,
                database,
                Map.of(Role.WRITE, new BackendLogin(user, Secret.of(password))));
        RouteKey key = new RouteKey(Engine.POSTGRES, new ProjectId("p"), new DatabaseName("orders", "acme"));
        return new LinkSpec(new Route(key, 1, target, new RouteState.Open()), new LinkProfile(Role.WRITE, parameters));
    }

    private static LinkSpec spec(String database, Map<String, String> parameters) {
        return spec("scram_user", PASSWORD, database, ServerTls.disabled(), parameters);
    }

    private static String bytes(LinkFailure failure) {
        return ((LinkFailure.Rejected) failure).message().toString(StandardCharsets.ISO_8859_1);
    }

    @ParameterizedTest
    @CsvSource({
        "scram_user, DISABLE, scram-sha-256, false",
        "scram_user, PREFER, scram-sha-256, true",
        "scram_user, REQUIRE, scram-sha-256, true",
        "scram_user, VERIFY_CA, scram-sha-256, true",
        "scram_user, VERIFY_FULL, scram-sha-256, true",
        "md5_user, DISABLE, md5, false",
        "md5_user, REQUIRE, md5, true",
        "clear_user, REQUIRE, password, true",
        "clear_user, VERIFY_FULL, password, true",
        "trust_user, DISABLE, trust, false",
    })
    void everyMethodLogsIn(String user, ServerTls.Mode mode, String method, boolean isTls) throws Exception {
        Leased link = links.open(spec(user, mode));

        assertThat(link.ask("SELECT session_user")).contains(user);
        if (!method.equals("trust")) {
            assertThat(link.ask("SELECT system_user")).contains(method + ":" + user);
        }
        assertThat(isTls(link.facts().processId())).isEqualTo(isTls);
        assertThat(link.facts().serverVersionNumber()).isGreaterThan(150_000);
        assertThat(link.facts().parameters()).containsKeys("server_version", "client_encoding", "TimeZone");
        assertThat(link.ask("SELECT pg_backend_pid()"))
                .contains(Integer.toString(link.facts().processId()));
        link.giveBack();
    }

    private static boolean isTls(int processId) throws SQLException {
        try (Connection connection = server.connect("postgres");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT ssl FROM pg_stat_ssl WHERE pid = " + processId)) {
            assertThat(rows.next()).isTrue();
            return rows.getBoolean(1);
        }
    }

    @Test
    void aServerWithoutTlsIsReachedWhereTlsIsOnlyPreferred() throws Exception {
        execute("ALTER SYSTEM SET ssl = off", "SELECT pg_reload_conf()");
        try {
            LinkSpec preferred =
                    spec("scram_user", PASSWORD, "postgres", tls(ServerTls.Mode.PREFER), Map.of("a.b", "1"));
            LinkSpec required =
                    spec("scram_user", PASSWORD, "postgres", tls(ServerTls.Mode.REQUIRE), Map.of("a.b", "2"));

            assertThat(links.open(preferred).ask("SHOW ssl")).contains("off");
            assertThat(links.refused(required)).isInstanceOf(LinkFailure.Unreachable.class);
        } finally {
            execute("ALTER SYSTEM RESET ssl", "SELECT pg_reload_conf()");
        }
    }

    private static ServerTls tls(ServerTls.Mode mode) {
        return new ServerTls(mode, caPem);
    }

    @Test
    void anotherAuthorityIsNotTrusted(@TempDir Path directory) throws Exception {
        String other = Files.readString(TestCertificate.selfSigned(directory).certificate());
        LinkSpec verified =
                spec("scram_user", PASSWORD, "postgres", new ServerTls(ServerTls.Mode.VERIFY_CA, other), Map.of());

        assertThat(links.refused(verified)).isInstanceOf(LinkFailure.Unreachable.class);
    }

    @ParameterizedTest
    @CsvSource({
        "scram_user, wrong, postgres",
        "md5_user, wrong, postgres",
        "nobody, correct horse battery, postgres",
        "no_user, correct horse battery, postgres",
        "fenced_user, correct horse battery, postgres",
        "clear_user, correct horse battery, postgres", // without TLS the password stays with us
        "scram_user, correct horse battery, closed",
    })
    void whatConcernsOurOwnLoginIsNotTheClientsBusiness(String user, String password, String database)
            throws Exception {
        LinkFailure failure = links.refused(spec(user, password, database, ServerTls.disabled(), Map.of()));

        assertThat(failure).isInstanceOf(LinkFailure.Unreachable.class);
        assertThat(failure.reason()).doesNotContain(PASSWORD);
    }

    @Test
    void whatTheClientAskedForIsAnsweredByTheServer() throws Exception {
        assertThat(bytes(links.refused(spec("postgres", Map.of("no_such_thing", "1")))))
                .startsWith("E")
                .contains("C42704\0")
                .contains("no_such_thing");
        assertThat(bytes(links.refused(spec("postgres", Map.of("DateStyle", "nonsense")))))
                .contains("C22023\0");
        assertThat(bytes(links.refused(spec("postgres", Map.of("log_statement", "all")))))
                .contains("C42501\0");
        assertThat(bytes(links.refused(spec("postgres", Map.of("options", "-c nothing")))))
                .contains("C42601\0");
        assertThat(bytes(links.refused(spec("nowhere", Map.of())))).contains("C3D000\0");
        assertThat(bytes(links.refused(spec("full_user", PASSWORD, "postgres", ServerTls.disabled(), Map.of()))))
                .contains("C53300\0");
    }

    @Test
    void startUpParametersAreInForceAndCountAsTheSessionsDefaults() throws Exception {
        Leased link =
                links.open(spec("postgres", Map.of("TimeZone", "Asia/Tokyo", "options", "-c extra_float_digits=2")));

        link.ask("SET TimeZone = 'UTC'");

        assertThat(link.ask("SHOW extra_float_digits")).contains("2");
        assertThat(link.ask("RESET TimeZone; SHOW TimeZone")).contains("Asia/Tokyo");
        assertThat(link.facts().parameters()).containsEntry("TimeZone", "Asia/Tokyo");
    }

    @Test
    void aLinkThatWasResetIsAsGoodAsNew() throws Exception {
        LinkSpec spec = spec("postgres", Map.of("application_name", "first"));
        Leased first = links.open(spec);
        int processId = first.facts().processId();
        first.ask("""
            SET application_name = 'changed'; SET search_path = 'pg_catalog'; SET app.tenant = 'acme';
            CREATE TEMPORARY TABLE kept (n int); PREPARE p AS SELECT 1; LISTEN news; SELECT pg_advisory_lock(1);
            DECLARE c CURSOR WITH HOLD FOR SELECT 1; SET ROLE NONE; SET DateStyle = 'German'\
            """);
        assertThat(first.ask("SELECT current_user")).contains("scram_user");

        first.giveBack();
        Leased second =
                await().until(() -> links.open(spec), link -> link.facts().processId() == processId);

        assertThat(second.ask("SELECT current_user")).contains("owner_role");
        assertThat(second.ask("SHOW application_name")).contains("first");
        assertThat(second.ask("SHOW search_path")).contains("public");
        assertThat(second.ask("SELECT 'tenant:' || current_setting('app.tenant', true) || ':'"))
                .contains("tenant::");
        assertThat(second.ask("SELECT to_regclass('pg_temp.kept') IS NULL AS n"))
                .contains("t");
        assertThat(second.ask("SELECT 'n=' || ((SELECT count(*) FROM pg_prepared_statements)"
                        + " + (SELECT count(*) FROM pg_cursors WHERE name = 'c')"
                        + " + (SELECT count(*) FROM pg_listening_channels())"
                        + " + (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'))"))
                .contains("n=0");
        assertThat(second.facts().parameters()).containsEntry("application_name", "first");
        assertThat(second.facts().parameters().get("DateStyle")).startsWith("ISO");
    }

    @ParameterizedTest
    @EnumSource(names = {"DISABLE", "REQUIRE", "VERIFY_FULL"})
    void aCancelRequestStopsWhatTheLinkDoes(ServerTls.Mode mode) throws Exception {
        Leased link = links.open(spec("scram_user", mode));
        CompletableFuture<String> sleeping = link.begin("SELECT pg_sleep(60)");
        link.cancel();
        for (int tries = 0; tries < 50 && !sleeping.isDone(); tries++) {
            // A cancel may come before its query: then it hits nothing.
            link.cancel();
        }

        assertThat(sleeping.get(20, TimeUnit.SECONDS)).contains("C57014\0");
    }
}
