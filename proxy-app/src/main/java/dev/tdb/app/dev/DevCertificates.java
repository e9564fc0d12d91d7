package dev.tdb.app.dev;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A certificate authority of this folder's own, and the certificate it signs for {@code localhost}. The authority's key
 * is thrown away once it has signed, so that nobody who trusts {@code ca.pem} has more to fear; near the end of the
 * year both are made anew.
 */
final class DevCertificates {
    private static final Duration VALID = Duration.ofDays(397);
    private static final Duration RENEWED_BEFORE = Duration.ofDays(30);
    private static final String SIGNATURE = "SHA256withECDSA";

    private final Path authority;
    private final Path chain;
    private final Path key;

    DevCertificates(DevFolder folder) {
        this.authority = folder.resolve("ca.pem");
        this.chain = folder.resolve("server.pem");
        this.key = folder.resolve("server.key");
    }

    /** What clients are to trust. */
    Path authority() {
        return authority;
    }

    /** The server's certificate, and behind it the authority's. */
    Path chain() {
        return chain;
    }

    Path key() {
        return key;
    }

    /** Makes the files unless they are there and good for a while. */
    void prepare() throws IOException {
        if (!isGood()) {
            try {
                make();
            } catch (GeneralSecurityException | OperatorCreationException fault) {
                throw new IOException("no certificate could be made", fault);
            }
        }
    }

    private boolean isGood() {
        if (!Files.isReadable(authority) || !Files.isReadable(key)) {
            return false;
        }
        try (InputStream in = Files.newInputStream(chain)) {
            X509Certificate own =
                    (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
            return own.getNotAfter().toInstant().isAfter(Instant.now().plus(RENEWED_BEFORE));
        } catch (IOException | GeneralSecurityException _) {
            return false;
        }
    }

    private void make() throws GeneralSecurityException, OperatorCreationException, IOException {
        KeyPair authorityKeys = keys();
        X500Name authorityName = new X500Name("CN=tdb dev CA");
        var extensions = new JcaX509ExtensionUtils();
        X509v3CertificateBuilder ca = certificate(authorityName, authorityName, authorityKeys)
                .addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
                .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign))
                .addExtension(
                        Extension.subjectKeyIdentifier,
                        false,
                        extensions.createSubjectKeyIdentifier(authorityKeys.getPublic()));
        KeyPair ownKeys = keys();
        X509v3CertificateBuilder own = certificate(authorityName, new X500Name("CN=localhost"), ownKeys)
                .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
                .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
                .addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth))
                .addExtension(
                        Extension.authorityKeyIdentifier,
                        false,
                        extensions.createAuthorityKeyIdentifier(authorityKeys.getPublic()))
                .addExtension(Extension.subjectAlternativeName, false, new GeneralNames(new GeneralName[] {
                    new GeneralName(GeneralName.dNSName, "localhost"),
                    new GeneralName(GeneralName.iPAddress, "127.0.0.1"),
                    new GeneralName(GeneralName.iPAddress, "::1")
                }));
        String authorityPem = pem(signed(ca, authorityKeys.getPrivate()));
        // The chain comes last: it is what isGood() looks at.
        DevFolder.write(key, pem(new JcaPKCS8Generator(ownKeys.getPrivate(), null)));
        Files.writeString(authority, authorityPem);
        Files.writeString(chain, pem(signed(own, authorityKeys.getPrivate())) + authorityPem);
    }

    private static KeyPair keys() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    private static X509v3CertificateBuilder certificate(X500Name issuer, X500Name subject, KeyPair keys) {
        Instant now = Instant.now();
        return new JcaX509v3CertificateBuilder(
                issuer,
                new BigInteger(127, new SecureRandom()).setBit(126),
                Date.from(now.minus(Duration.ofHours(1))), // Clocks differ.
                Date.from(now.plus(VALID)),
                subject,
                keys.getPublic());
    }

    private static X509Certificate signed(X509v3CertificateBuilder certificate, PrivateKey key)
            throws GeneralSecurityException, OperatorCreationException {
        return new JcaX509CertificateConverter()
                .getCertificate(certificate.build(new JcaContentSignerBuilder(SIGNATURE).build(key)));
    }

    private static String pem(Object thing) throws IOException {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(thing);
        }
        return text.toString();
    }
}
