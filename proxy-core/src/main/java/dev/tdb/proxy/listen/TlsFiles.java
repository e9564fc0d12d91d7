package dev.tdb.proxy.listen;

import dev.tdb.proxy.frontend.ClientOrigin;
import dev.tdb.proxy.frontend.ClientTls;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A listener's certificate from two PEM files. {@link #reloadIfChanged} takes new ones for new connections; those that
 * stand keep what they have. From any thread.
 */
public final class TlsFiles implements ClientTls {
    private static final Logger log = LoggerFactory.getLogger(TlsFiles.class);
    private static final Pattern PKCS8 =
            Pattern.compile("-----BEGIN PRIVATE KEY-----(.*?)-----END PRIVATE KEY-----", Pattern.DOTALL);

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
        return none(plaintext, false);
    }

    /** The same, but the password itself is asked for where a protocol has it enciphered. */
    public static ClientTls none(Plaintext plaintext, boolean cleartextPassword) {
        return new ClientTls() {
            @Override
            public Optional<Certificate> certificate() {
                return Optional.empty();
            }

            @Override
            public boolean isPlaintextAllowed(ClientOrigin client) {
                return allows(plaintext, client);
            }

            @Override
            public boolean isCleartextPasswordAsked() {
                return cleartextPassword;
            }
        };
    }

    @Override
    public Optional<Certificate> certificate() {
        return Optional.of(certificate);
    }

    @Override
    public boolean isPlaintextAllowed(ClientOrigin client) {
        return allows(plaintext, client);
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

    private static boolean allows(Plaintext plaintext, ClientOrigin client) {
        return switch (plaintext) {
            case NOBODY -> false;
            case LOOPBACK -> client.isLocal();
            case EVERYBODY -> true;
        };
    }

    private List<FileTime> times() throws IOException {
        return List.of(Files.getLastModifiedTime(certificateChain), Files.getLastModifiedTime(privateKey));
    }

    private Certificate load() throws IOException {
        // Read once: what is judged is what is used, whoever replaces the files meanwhile.
        byte[] chain = Files.readAllBytes(certificateChain);
        byte[] key = Files.readAllBytes(privateKey);
        try {
            X509Certificate own = (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(chain));
            if (!isKeyOf(own.getPublicKey(), key)) {
                throw new GeneralSecurityException("the key is another certificate's");
            }
            SslContextBuilder builder = SslContextBuilder.forServer(
                            new ByteArrayInputStream(chain), new ByteArrayInputStream(key))
                    .protocols("TLSv1.3", "TLSv1.2");
            if (!applicationProtocols.isEmpty()) {
                builder.applicationProtocolConfig(new ApplicationProtocolConfig(
                        ApplicationProtocolConfig.Protocol.ALPN,
                        ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                        ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                        applicationProtocols));
            }
            return new Certificate(builder.build(), own);
        } catch (SSLException | GeneralSecurityException | IllegalArgumentException e) {
            throw new IOException(
                    "no usable certificate and key in " + certificateChain + " and " + privateKey + ": "
                            + e.getMessage(),
                    e);
        }
    }

    /**
     * Whether {@code pem} holds the private half of {@code own}. A context is made of any two, and would fail at the first
     * client; while both files are being replaced, one of them is older than the other.
     */
    private static boolean isKeyOf(PublicKey own, byte[] pem) throws GeneralSecurityException {
        Matcher found = PKCS8.matcher(new String(pem, StandardCharsets.ISO_8859_1));
        if (!found.find()) {
            throw new GeneralSecurityException("no unencrypted PKCS #8 private key");
        }
        byte[] der = Base64.getMimeDecoder().decode(found.group(1));
        PrivateKey key = KeyFactory.getInstance(own.getAlgorithm()).generatePrivate(new PKCS8EncodedKeySpec(der));
        if (key instanceof RSAKey ours && own instanceof RSAKey shown) {
            return ours.getModulus().equals(shown.getModulus());
        }
        Signature signature =
                Signature.getInstance(key.getAlgorithm().equals("EC") ? "SHA256withECDSA" : key.getAlgorithm());
        signature.initSign(key);
        signature.update(der);
        byte[] signed = signature.sign();
        signature.initVerify(own);
        signature.update(der);
        return signature.verify(signed);
    }
}
