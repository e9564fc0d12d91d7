package dev.tdb.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tdb.control.ControlException;
import dev.tdb.local.MySqlServer;
import dev.tdb.local.MySqlSpec;
import dev.tdb.proxy.route.Engine;
import dev.tdb.proxy.route.ServerTls;
import dev.tdb.proxy.route.ServerTls.Mode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tenants on servers that are reached over TLS, by the control plane as by clients' sessions. */
final class MySqlServerTlsIT {
    private static final String CIPHER = "SHOW SESSION STATUS LIKE 'Ssl_version'";

    @TempDir
    Path directory;

    @Test
    void mariaDbIsReachedOverTls() throws Exception {
        everyModeIsKept(TestServers.mariaDb(directory.resolve("server")), "11.4.5-MariaDB");
    }

    @Test
    void mySqlIsReachedOverTls() throws Exception {
        everyModeIsKept(TestServers.mySql(directory.resolve("server")), "8.0.31");
    }

    private void everyModeIsKept(MySqlSpec spec, String version) throws Exception {
        TestCertificate certificate = TestCertificate.selfSigned(directory);
        String own = Files.readString(certificate.certificate());
        String foreign = Files.readString(TestCertificate.selfSigned(Files.createDirectory(directory.resolve("other")))
                .certificate());
        for (Mode mode : List.of(Mode.PREFER, Mode.REQUIRE, Mode.VERIFY_CA, Mode.VERIFY_FULL)) {
            // A server each, since one address is one host.
            try (MySqlServer server = spec.tls(certificate.certificate(), certificate.key())
                            .start();
                    Installation installation = Installation.start(
                            Files.createDirectory(directory.resolve("state-" + mode)),
                            Engine.MYSQL,
                            version,
                            List.of("CREATE TABLE items (n INT)"))) {
                if (mode == Mode.VERIFY_CA || mode == Mode.VERIFY_FULL) {
                    assertThatThrownBy(
                                    () -> installation.host("one", "127.0.0.1", server, new ServerTls(mode, foreign)))
                            .isInstanceOf(ControlException.class)
                            .hasMessageContaining("cannot be used");
                }
                installation.host("one", "127.0.0.1", server, new ServerTls(mode, own));
                Endpoint door = installation.tenant("safe");

                try (Connection session = door.connect();
                        Statement statement = session.createStatement();
                        ResultSet row = statement.executeQuery(CIPHER)) {
                    assertThat(row.next()).isTrue();
                    assertThat(row.getString(2)).as(mode.name()).startsWith("TLSv1.");
                }
                installation.remove("safe");
            }
        }
    }
}
