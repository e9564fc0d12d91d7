package dev.tdb.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tdb.local.PostgresServer;
import dev.tdb.postgres.frontend.PostgresHandshake;
import dev.tdb.proxy.listen.TlsFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * pgjdbc gets in at the proxy exactly when it gets in at a server of the same certificate, and by the same number of
 * TLS handshakes, whatever it wants of TLS and channel binding. What a refusal says differs; its code does not.
 */
final class TlsDifferentialIT {
    /** A server lets nobody into it without TLS. */
    private static final String TLS_ONLY = DataPath.BLUEPRINT + "__tls_only";

    private static final String EITHER = DataPath.BLUEPRINT + "__either";
    private static final String BEHIND = "behind";

    private static PostgresServer server;
    private static TestCertificate certificate;
    private static DataPath strict;
    private static DataPath lenient;

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        certificate = TestCertificate.selfSigned(directory);
        server = TestServers.postgres(directory.resolve("server"))
                .tls(certificate.certificate(), certificate.key())
                .start();
        Place.create(server, server.host(), TLS_ONLY, DataPath.LOGIN);
        Place.create(server, server.host(), EITHER, DataPath.LOGIN);
        Place behind = Place.create(server, server.host(), BEHIND, DataPath.LOGIN);
        Files.writeString(
                server.dataDirectory().resolve("pg_hba.conf"),
                "host    all  " + server.superuser().user() + " all scram-sha-256\n"
                        + "hostssl " + TLS_ONLY + " all all scram-sha-256\n"
                        + "host    " + EITHER + "," + BEHIND + " all all scram-sha-256\n");
        try (Connection connection = server.connect("postgres");
                Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_reload_conf()");
        }
        strict = proxy(TlsFiles.Plaintext.NOBODY);
        lenient = proxy(TlsFiles.Plaintext.LOOPBACK);
        strict.lead(TLS_ONLY, behind).join();
        lenient.lead(EITHER, behind).join();
    }

    private static DataPath proxy(TlsFiles.Plaintext plaintext) throws IOException {
        return new DataPath(
                DataPath.config(),
                new TlsFiles(
                        certificate.certificate(),
                        certificate.key(),
                        plaintext,
                        false,
                        List.of(PostgresHandshake.APPLICATION_PROTOCOL)));
    }

    @AfterAll
    static void stop() {
        strict.close();
        lenient.close();
        server.close();
    }

    @ParameterizedTest
    @CsvSource({
        "disable, false",
        "allow, false",
        "prefer, false",
        "require, false",
        "verify-ca, false",
        "verify-full, false",
        "disable, true",
        "allow, true",
        "prefer, true",
        "require, true",
        "verify-ca, true",
        "verify-full, true",
    })
    void theSameDoorsAreOpen(String mode, boolean isTlsDemanded) {
        Endpoint direct = isTlsDemanded ? direct(TLS_ONLY) : direct(EITHER);
        Endpoint proxied = isTlsDemanded ? Endpoint.of(strict, TLS_ONLY) : Endpoint.of(lenient, EITHER);

        List<String> outcomes = outcomes(proxied, mode);

        assertThat(outcomes).containsExactlyElementsOf(outcomes(direct, mode));
    }

    private static Endpoint direct(String database) {
        return new Endpoint(
                server.host(),
                server.port(),
                DataPath.LOGIN.user(),
                DataPath.LOGIN.password().reveal(),
                database);
    }

    private static List<String> outcomes(Endpoint at, String mode) {
        List<String> outcomes = new ArrayList<>();
        for (String binding : List.of("disable", "prefer", "require")) {
            for (String negotiation : List.of("postgres", "direct")) {
                int before = CountedTls.begun();
                String outcome = outcome(
                        at,
                        "sslmode",
                        mode,
                        "channelBinding",
                        binding,
                        "sslNegotiation",
                        negotiation,
                        "sslrootcert",
                        certificate.certificate().toString(),
                        "sslfactory",
                        CountedTls.class.getName());
                outcomes.add("channelBinding " + binding + ", sslNegotiation " + negotiation + ": " + outcome + ", "
                        + (CountedTls.begun() - before) + " TLS handshakes");
            }
        }
        return outcomes;
    }

    private static String outcome(Endpoint at, String... settings) {
        try (Connection connection = at.connect(settings);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT session_user")) {
            row.next();
            return "in, as " + row.getString(1);
        } catch (SQLException e) {
            return "error " + e.getSQLState();
        }
    }
}
