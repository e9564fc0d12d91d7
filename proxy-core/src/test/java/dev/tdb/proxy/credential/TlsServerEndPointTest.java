package dev.tdb.proxy.credential;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What a client computes of our certificate, and we of a server's. The certificates were made by {@code openssl req -x509
 * -newkey rsa:2048 -sha384}, for RSASSA-PSS with {@code -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:-1}; the
 * hashes by {@code openssl x509 -outform der | openssl dgst}.
 */
final class TlsServerEndPointTest {
    private static X509Certificate certificate(String name) throws IOException, CertificateException {
        try (InputStream pem = TlsServerEndPointTest.class.getResourceAsStream("/tls/signed/" + name + ".pem")) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(pem);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "rsa-sha1, a065ed4da2872997bec1cf01de8e891e68134fb4f774c8376fd2872f70d22aed",
        "rsa-sha384, 8cf5540f8e640003cf0d867d86a2d8fbb846026d03c15389c7f090dc13de996eea455d4a72faca40bcec5a10154a1b01",
        "pss-sha256, 7884ee35acd6320034be4e914978df5a05d820814d2da07992aa9425d6cc240c",
        "pss-sha384, 201819a06f16e38abd13ffd644e77d4b7a91dfff98ff0ca54e7d2389e46923c68c9dcf08c9b62a98c688e405bb04c8da",
        "pss-sha512,"
            + " 4429062fbfc92410a94f891b22732a4588384e135cce6b5fbb9da7fbb37124b2c184f9b5d96de3f72fdb04ff888605ed0e59c84ad03570b4cf3419ab8b26aaad"
    })
    void theHashIsThatOfTheSignature(String name, String hash) throws Exception {
        assertThat(TlsServerEndPoint.of(certificate(name)))
                .hasValueSatisfying(
                        found -> assertThat(HexFormat.of().formatHex(found)).isEqualTo(hash));
    }

    /** RFC 5929: where the signature uses no hash function, or several, the binding is not defined. */
    @Test
    void aSignatureWithoutAHashFunctionHasNone() throws Exception {
        assertThat(TlsServerEndPoint.of(certificate("ed25519"))).isEmpty();
    }
}
