package dev.tdb.proxy.listen;

import dev.tdb.proxy.credential.TlsServerEndPoint;
import dev.tdb.proxy.frontend.ClientTls;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A listener's certificate from two PEM files. {@link #reloadIfChanged} takes new ones for new connections; those that
 * stand keep what they have. From any thread.
 */
public final class TlsFiles implements ClientTls {
    private static final Logger log = LoggerFactory.getLogger(TlsFiles.class);

    /** Who may go on without TLS. */
    public enum Plaintext {
        NOBODY,
        LOOPBACK,
        EVERYBODY
    }

    private final Path certificateChain;
    private final Path privateKey;
    private final Plaintext plaintext;
    private final boolean cleartextPassword;
    private final List<String> applicationProtocols;
    private volatile Certificate certificate;
    private List<FileTime> loaded;

    /**
     * @param applicationProtocols of the listener's protocol; empty when it uses no ALPN
     * @throws IOException when the files are not there or do not belong together
     */
    public TlsFiles(
            Path certificateChain,
            Path privateKey,
            Plaintext plaintext,
            boolean cleartextPassword,
            List<String> applicationProtocols)
            throws IOException {
        this.certificateChain = certificateChain;
        this.privateKey = privateKey;
        this.plaintext = plaintext;
        this.cleartextPassword = cleartextPassword;
        this.applicationProtocols = List.copyOf(applicationProtocols);
        this.loaded = times();
        this.certificate = load();
    }

    /** No certificate: TLS is not offered. */
    public static ClientTls none(Plaintext plaintext) {
        return new ClientTls() {
            @Override
            public Optional<Certificate> certificate() {
                return Optional.empty();
            }

            @Override
            public boolean isPlaintextAllowed(InetAddress address) {
                return allows(plaintext, address);
            }

            @Override
            public boolean isCleartextPasswordAsked() {
                return false;
            }
        };
    }

    @Override
    public Optional<Certificate> certificate() {
        return Optional.of(certificate);
    }

    @Override
    public boolean isPlaintextAllowed(InetAddress address) {
        return allows(plaintext, address);
    }

    @Override
    public boolean isCleartextPasswordAsked() {
        return cleartextPassword;
    }

    /** Takes the files as they are now, if they changed and are good; otherwise goes on with what it has. */
    public synchronized boolean reloadIfChanged() {
        try {
            List<FileTime> now = times();
            if (now.equals(loaded)) {
                return false;
            }
            certificate = load();
            loaded = now;
            log.atInfo().addKeyValue("file", certificateChain).log("certificate reloaded");
            return true;
        } catch (IOException e) {
            log.atError()
                    .addKeyValue("file", certificateChain)
                    .addKeyValue("error", String.valueOf(e.getMessage()))
                    .log("certificate not reloaded: the old one stays in use");
            return false;
        }
    }

    private static boolean allows(Plaintext plaintext, InetAddress address) {
        return switch (plaintext) {
            case NOBODY -> false;
            case LOOPBACK -> address.isLoopbackAddress();
            case EVERYBODY -> true;
        };
    }

    private List<FileTime> times() throws IOException {
        return List.of(Files.getLastModifiedTime(certificateChain), Files.getLastModifiedTime(privateKey));
    }

    private Certificate load() throws IOException {
        try (InputStream in = Files.newInputStream(certificateChain)) {
            SslContextBuilder builder = SslContextBuilder.forServer(certificateChain.toFile(), privateKey.toFile())
                    .protocols("TLSv1.3", "TLSv1.2");
            if (!applicationProtocols.isEmpty()) {
                builder.applicationProtocolConfig(new ApplicationProtocolConfig(
                        ApplicationProtocolConfig.Protocol.ALPN,
                        ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                        ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                        applicationProtocols));
            }
            SslContext context = builder.build();
            X509Certificate own =
                    (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
            return new Certificate(context, TlsServerEndPoint.of(own));
        } catch (SSLException | CertificateException | IllegalArgumentException e) {
            throw new IOException("no usable certificate and key in " + certificateChain + " and " + privateKey, e);
        }
    }
}
