package dev.tdb.proxy.credential;

import java.io.IOException;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.security.spec.PSSParameterSpec;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The channel binding {@code tls-server-end-point} (RFC 5929, section 4.1): a hash of the server's certificate. */
public final class TlsServerEndPoint {
    private static final String PSS = "RSASSA-PSS";

    private TlsServerEndPoint() {}

    /**
     * The hash function is that of the certificate's signature, SHA-256 in place of MD5 and SHA-1. Empty when the
     * signature has none of its own, as Ed25519: then there is no such binding.
     */
    public static Optional<byte[]> of(X509Certificate certificate) {
        try {
            Optional<String> hash = hash(certificate);
            return hash.isPresent()
                    ? Optional.of(MessageDigest.getInstance(hash.get()).digest(certificate.getEncoded()))
                    : Optional.empty();
        } catch (NoSuchAlgorithmException unknown) {
            return Optional.empty();
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("cannot hash a certificate", e);
        }
    }

    private static Optional<String> hash(X509Certificate certificate) {
        String signature = certificate.getSigAlgName().toUpperCase(Locale.ROOT);
        if (signature.equals(PSS)) {
            return pssHash(certificate.getSigAlgParams()).map(TlsServerEndPoint::inUse);
        }
        int with = signature.indexOf("WITH");
        return with < 0 ? Optional.empty() : Optional.of(inUse(signature.substring(0, with)));
    }

    /** RSASSA-PSS names its hash function in its parameters (RFC 4055, section 3.1). */
    private static Optional<String> pssHash(byte @Nullable [] der) {
        if (der == null) {
            return Optional.empty();
        }
        try {
            AlgorithmParameters parameters = AlgorithmParameters.getInstance(PSS);
            parameters.init(der);
            return Optional.of(parameters
                    .getParameterSpec(PSSParameterSpec.class)
                    .getDigestAlgorithm()
                    .toUpperCase(Locale.ROOT));
        } catch (GeneralSecurityException | IOException e) {
            return Optional.empty();
        }
    }

    /** {@code SHA384} is the name in a signature, {@code SHA-384} that of the function. */
    private static String inUse(String hash) {
        return switch (hash) {
            case "MD5", "SHA1", "SHA-1" -> "SHA-256";
            case "SHA224", "SHA256", "SHA384", "SHA512", "SHA512/224", "SHA512/256" -> "SHA-" + hash.substring(3);
            default -> hash;
        };
    }
}
