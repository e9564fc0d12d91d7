package dev.tdb.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tdb.local.MySqlServer;
import dev.tdb.mysql.MySqlFlavour;
import dev.tdb.proxy.listen.TlsFiles;
import java.io.DataInputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Properties;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** MySQL's clients and a listener that wants TLS. */
final class MySqlTlsIT {
    private static final int TLS_REQUIRED = 3159;
    private static final int CAPABILITIES = 1 << 9 | 1 << 11 | 1 << 15; // PROTOCOL_41, SSL, SECURE_CONNECTION
    private static final int HANDSHAKE_RECORD = 0x16;

    private static MySqlServer server;
    private static MySqlDataPath proxy;
    private static TestCertificate certificate;

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        server = TestServers.mariaDb(directory.resolve("server")).start();
        MySqlDataPath.prepare(server);
        certificate = TestCertificate.selfSigned(directory);
        proxy = new MySqlDataPath(
                MySqlFlavour.MARIADB,
                List.of(server),
                new TlsFiles(
                        certificate.certificate(), certificate.key(), TlsFiles.Plaintext.NOBODY, false, List.of()));
    }

    @AfterAll
    static void stop() {
        proxy.close();
        server.close();
    }

    private static Connection connect(String driver, String... settings) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", MySqlDataPath.LOGIN.user());
        properties.setProperty("password", MySqlDataPath.LOGIN.password().reveal());
        for (int i = 0; i < settings.length; i += 2) {
            properties.setProperty(settings[i], settings[i + 1]);
        }
        return DriverManager.getConnection(
                "jdbc:" + driver + "://127.0.0.1:" + proxy.address().getPort() + "/" + MySqlDataPath.DATABASE,
                properties);
    }

    @Test
    void driversGetInAndCheckTheCertificate() throws SQLException {
        try (Connection mariaDb = connect(
                        "mariadb",
                        "sslMode",
                        "verify-full",
                        "serverSslCert",
                        certificate.certificate().toString());
                Connection mySql = connect("mysql", "sslMode", "REQUIRED")) {
            assertThat(TestServers.column(mariaDb, "SELECT 1")).containsExactly("1");
            assertThat(TestServers.column(mySql, "SELECT 1")).containsExactly("1");
        }
    }

    @Test
    void withoutTlsNobodyGetsIn() {
        assertThatThrownBy(() -> connect("mariadb", "sslMode", "disable").close())
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getErrorCode()).isEqualTo(TLS_REQUIRED));
    }

    /** As clients in C do it, who wait for nothing; the drivers of Java are slower. */
    @Test
    void aClientHelloRightBehindTheRequestForTlsIsAnswered() throws Exception {
        SSLEngine engine = SSLContext.getDefault().createSSLEngine();
        engine.setUseClientMode(true);
        ByteBuffer both = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
        both.putInt(32 | 1 << 24)
                .putInt(CAPABILITIES)
                .putInt(1 << 24)
                .put((byte) 45)
                .put(new byte[23]);
        engine.wrap(ByteBuffer.allocate(0), both);

        try (Socket socket =
                new Socket(proxy.address().getAddress(), proxy.address().getPort())) {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            int greetingBytes = Integer.reverseBytes(in.readInt());
            in.skipNBytes(greetingBytes);
            socket.getOutputStream().write(both.array(), 0, both.position());

            assertThat(in.read()).isEqualTo(HANDSHAKE_RECORD);
        }
    }
}
