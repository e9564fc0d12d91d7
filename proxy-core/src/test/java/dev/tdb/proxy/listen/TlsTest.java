package dev.tdb.proxy.listen;

import static dev.tdb.proxy.listen.ToyRig.DB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tdb.proxy.frontend.ClientTls;
import dev.tdb.proxy.toy.NoLeaks;
import dev.tdb.proxy.toy.ToyClient;
import dev.tdb.proxy.toy.ToyNode;
import dev.tdb.proxy.toy.ToyProtocol;
import io.netty.handler.ssl.SslContext;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * TLS with clients, and certificates that change while clients are there. The two of the test's resources are
 * self-signed, for {@code CN=first} and {@code CN=second}, made by {@code openssl req -x509 -newkey ec -days 36500}.
 */
@ExtendWith(NoLeaks.class)
final class TlsTest {
    private final ToyRig rig = new ToyRig();
    private final List<ToyClient> clients = new ArrayList<>();
    private final List<ClientTls> files = new ArrayList<>();
    private final Set<SslContext> contexts = new HashSet<>();
    private Instant written = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir
    private Path folder;

    @BeforeEach
    void firstCertificate() {
        install("first.pem", certificate());
        install("first.key", key());
    }

    @AfterEach
    void stop() {
        clients.forEach(ToyClient::close);
        rig.close();
        files.forEach(this::note);
        contexts.forEach(ReferenceCountUtil::release);
    }

    /** A context keeps its key, which is counted like a buffer, until it is collected as garbage, or is released. */
    private void note(ClientTls tls) {
        contexts.add(tls.certificate().orElseThrow().context());
    }

    private Path certificate() {
        return folder.resolve("server.pem");
    }

    private Path key() {
        return folder.resolve("server.key");
    }

    private static InputStream resource(String name) {
        return Objects.requireNonNull(TlsTest.class.getResourceAsStream("/tls/" + name), name);
    }

    private void install(String name, Path file) {
        try (InputStream in = resource(name)) {
            Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
            touch(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A file that is written has another time than before, however fast the test is. */
    private void touch(Path file) throws IOException {
        written = written.plusSeconds(1);
        Files.setLastModifiedTime(file, FileTime.from(written));
    }

    private TlsFiles tls() {
        try {
            TlsFiles tls = new TlsFiles(certificate(), key(), TlsFiles.Plaintext.NOBODY, false, List.of());
            files.add(tls);
            note(tls);
            return tls;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private InetSocketAddress listen(AddressRange... proxySources) {
        return rig.node.listen(tls(), 1_000, List.of(proxySources));
    }

    /** Trusts both certificates. */
    private static SSLContext trusting() {
        try {
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            for (String name : List.of("first", "second")) {
                try (InputStream in = resource(name + ".pem")) {
                    trusted.setCertificateEntry(
                            name, CertificateFactory.getInstance("X.509").generateCertificate(in));
                }
            }
            TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            managers.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, managers.getTrustManagers(), null);
            return context;
        } catch (Exception e) {
            throw new AssertionError("no TLS", e);
        }
    }

    private SSLSocket handshake(Socket socket) {
        try {
            SSLSocket secure = (SSLSocket) trusting().getSocketFactory().createSocket(socket, "127.0.0.1", 0, true);
            secure.startHandshake();
            return secure;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ToyClient plain(InetSocketAddress address) {
        ToyClient client = ToyClient.connect(address);
        clients.add(client);
        return client;
    }

    /** A client that asked for TLS and has it, and is not logged in. */
    private ToyClient secure(ToyClient plain) {
        assertThat(plain.line()).isEqualTo("HELLO");
        assertThat(plain.ask("TLS")).isEqualTo("TLS");
        ToyClient secure = new ToyClient(handshake(plain.socket()));
        clients.add(secure);
        return secure;
    }

    private static String shown(ToyClient secure) {
        try {
            X509Certificate own =
                    (X509Certificate) ((SSLSocket) secure.socket()).getSession().getPeerCertificates()[0];
            return own.getSubjectX500Principal().getName();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ToyClient in(InetSocketAddress address) {
        return secure(plain(address)).in(DB);
    }

    // ---- the handshake

    @Test
    void aClientMayAskForTls() {
        ToyClient client = in(listen());

        assertThat(client.ask("WHO")).isEqualTo("I old");
        assertThat(ToyNode.await(rig.node.node().sessions()).getFirst().tls()).isTrue();
    }

    @Test
    void aClientThatDoesNotAskIsRefused() {
        assertThat(plain(listen()).login(DB).rest()).isEqualTo("! tls_required\n");
    }

    @Test
    void aClientMaySpeakTlsFromItsFirstByte() {
        try (ToyNode node = new ToyNode().open(DB, rig.old, 1)) {
            InetSocketAddress address = node.listen(new ToyProtocol(true), tls(), 1_000, List.of());
            ToyClient client = new ToyClient(handshake(plain(address).socket()));
            clients.add(client);

            client.in(DB);

            assertThat(client.ask("WHO")).isEqualTo("I old");
        }
    }

    @Test
    void aHandshakeThatIsNotOverInTimeIsNotWaitedFor() {
        ToyClient client = plain(listen());
        assertThat(client.line()).isEqualTo("HELLO");

        assertThat(client.ask("TLS")).isEqualTo("TLS");

        client.rest();
        await().until(() -> rig.node.meter("proxy.listen.connections") == 0);
    }

    @Test
    void aClientMayComeThroughAProxy() {
        ToyClient client = plain(listen(AddressRange.parse("127.0.0.0/8")));
        client.raw("PROXY TCP4 203.0.113.7 127.0.0.1 40000 6379\r\n");

        assertThat(secure(client).in(DB).ask("WHO")).isEqualTo("I old");

        assertThat(ToyNode.await(rig.node.node().sessions()).getFirst().client())
                .isEqualTo("203.0.113.7:40000");
    }

    // ---- certificates that change

    @Test
    void aNewCertificateIsShownToWhoComesAndWhoIsThereStays() {
        InetSocketAddress address = listen();
        ToyClient old = in(address);
        assertThat(shown(old)).isEqualTo("CN=first");
        install("second.pem", certificate());
        install("second.key", key());

        rig.node.node().reloadCertificates();

        ToyClient fresh = in(address);
        assertThat(shown(fresh)).isEqualTo("CN=second");
        assertThat(fresh.ask("WHO")).isEqualTo("I old");
        assertThat(old.ask("WHO")).isEqualTo("I old");
        assertThat(shown(old)).isEqualTo("CN=first");
    }

    @Test
    void everyListenerTakesItsNewCertificate() {
        InetSocketAddress one = listen();
        InetSocketAddress another = listen();
        install("second.pem", certificate());
        install("second.key", key());

        rig.node.node().reloadCertificates();

        assertThat(shown(in(one))).isEqualTo("CN=second");
        assertThat(shown(in(another))).isEqualTo("CN=second");
    }

    @Test
    void aBrokenFileLeavesTheOldCertificateInUseAndIsComplainedOf() throws IOException {
        InetSocketAddress address = listen();
        Files.writeString(certificate(), "-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----\n");
        touch(certificate());

        String said = saidWhile(rig.node.node()::reloadCertificates);

        assertThat(said)
                .contains(
                        "certificate not reloaded: the old one stays in use",
                        certificate().toString());
        ToyClient client = in(address);
        assertThat(shown(client)).isEqualTo("CN=first");
        assertThat(client.ask("WHO")).isEqualTo("I old");
    }

    @Test
    void aFileThatIsGoneLeavesTheOldCertificateInUse() throws IOException {
        InetSocketAddress address = listen();
        Files.delete(key());

        assertThat(saidWhile(rig.node.node()::reloadCertificates)).contains("certificate not reloaded");

        assertThat(shown(in(address))).isEqualTo("CN=first");
    }

    @Test
    void aCertificateWithoutItsKeyWaitsForIt() {
        InetSocketAddress address = listen();
        install("second.pem", certificate());
        assertThat(saidWhile(rig.node.node()::reloadCertificates)).contains("certificate not reloaded");
        assertThat(shown(in(address))).isEqualTo("CN=first");

        install("second.key", key());
        rig.node.node().reloadCertificates();

        assertThat(shown(in(address))).isEqualTo("CN=second");
    }

    @Test
    void filesThatDidNotChangeAreNotLoadedAgain() throws IOException {
        TlsFiles files = tls();
        ClientTls.Certificate before = files.certificate().orElseThrow();
        assertThat(files.reloadIfChanged()).isFalse();
        assertThat(files.certificate()).containsSame(before);

        touch(key());

        assertThat(files.reloadIfChanged()).isTrue();
        assertThat(files.certificate().orElseThrow()).isNotSameAs(before);
        assertThat(files.certificate().orElseThrow().serverEndPoint().orElseThrow())
                .isEqualTo(before.serverEndPoint().orElseThrow());
    }

    @Test
    void aListenerDoesNotBeginWithFilesThatAreNoGood() {
        install("second.key", key());

        assertThatThrownBy(() -> new TlsFiles(certificate(), key(), TlsFiles.Plaintext.NOBODY, false, List.of()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(certificate().toString())
                .hasMessageContaining(key().toString());
    }

    /** What is logged, on this thread or others. */
    private static String saidWhile(Runnable task) {
        PrintStream before = System.err;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
        try {
            task.run();
        } finally {
            System.setErr(before);
        }
        return said.toString(StandardCharsets.UTF_8);
    }
}
