package dev.tdb.mysql.backend;

import dev.tdb.mysql.message.AuthData;
import dev.tdb.proxy.credential.Secret;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import javax.crypto.Cipher;

/**
 * A password under a server's public key, for a connection without TLS: RSA with OAEP of the password, its zero, and the
 * nonce over both.
 *
 * @see <a href="https://dev.mysql.com/doc/dev/mysql-server/latest/page_caching_sha2_authentication_exchanges.html">Caching
 *     SHA-2</a>
 */
public final class RsaPassword {
    private static final String CIPHER = "RSA/ECB/OAEPWithSHA-1AndMGF1Padding";

    private RsaPassword() {}

    /** Takes about a millisecond. */
    public static byte[] encipher(Secret password, Secret nonce, String pem) throws GeneralSecurityException {
        byte[] mixed = AuthData.ofPassword(password).data().bytes();
        byte[] over = nonce.bytes();
        for (int i = 0; i < mixed.length; i++) {
            mixed[i] ^= over[i % over.length];
        }
        Cipher cipher = Cipher.getInstance(CIPHER);
        cipher.init(Cipher.ENCRYPT_MODE, key(pem));
        return cipher.doFinal(mixed);
    }

    private static PublicKey key(String pem) throws GeneralSecurityException {
        String body = pem.replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
        try {
            return KeyFactory.getInstance("RSA")
                    .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(body)));
        } catch (IllegalArgumentException e) {
            throw new GeneralSecurityException("the server's public key is not PEM", e);
        }
    }
}
