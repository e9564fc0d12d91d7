package dev.tdb.proxy.credential;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.Locale;

/** The channel binding {@code tls-server-end-point} (RFC 5929, section 4.1): a hash of the server's certificate. */
public final class TlsServerEndPoint {
    private TlsServerEndPoint() {}

    /** The hash function is that of the certificate's signature, SHA-256 in place of MD5 and SHA-1. */
    public static byte[] of(X509Certificate certificate) {
        String signature = certificate.getSigAlgName().toUpperCase(Locale.ROOT);
        String hash = "SHA-256";
        if (signature.startsWith("SHA384")) {
            hash = "SHA-384";
        } else if (signature.startsWith("SHA512")) {
            hash = "SHA-512";
        } else if (signature.startsWith("SHA224")) {
            hash = "SHA-224";
        }
        try {
            return MessageDigest.getInstance(hash).digest(certificate.getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot hash a certificate", e);
        }
    }
}
