package dev.tdb.mysql.frontend;

import dev.tdb.mysql.message.AuthData;
import dev.tdb.proxy.credential.Secret;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Base64;
import javax.crypto.Cipher;
import org.jspecify.annotations.Nullable;

/**
 * The key under which clients without TLS say their password: RSA with OAEP of the password, its zero, and the nonce over
 * both. Made anew with every start, when the first client needs it. From any thread; every call takes its time.
 *
 * @see <a href="https://dev.mysql.com/doc/dev/mysql-server/latest/page_caching_sha2_authentication_exchanges.html">Caching
 *     SHA-2</a>
 */
public final class RsaKey {
    private static final String CIPHER = "RSA/ECB/OAEPWithSHA-1AndMGF1Padding";
    private static final int BITS = 2048;

    /** Of a password under the key. */
    static final int ENCIPHERED_BYTES = BITS / Byte.SIZE;

    private static final int LINE_CHARS = 64;

    private @Nullable KeyPair made;

    private synchronized KeyPair pair() {
        if (made == null) {
            made = generate();
        }
        return made;
    }

    private static KeyPair generate() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(BITS);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The public half, in PEM. */
    Secret pem() {
        Base64.Encoder encoder = Base64.getMimeEncoder(LINE_CHARS, new byte[] {'\n'});
        String body = encoder.encodeToString(pair().getPublic().getEncoded());
        return Secret.of("-----BEGIN PUBLIC KEY-----\n" + body + "\n-----END PUBLIC KEY-----\n");
    }

    /** What the client says with {@code nonce}; nobody's password when it was enciphered for somebody else. */
    Secret decipher(Secret enciphered, Secret nonce) {
        byte[] mixed;
        try {
            Cipher cipher = Cipher.getInstance(CIPHER);
            cipher.init(Cipher.DECRYPT_MODE, pair().getPrivate());
            mixed = cipher.doFinal(enciphered.bytes());
        } catch (GeneralSecurityException _) {
            return Secret.of(new byte[0]);
        }
        byte[] over = nonce.bytes();
        for (int i = 0; i < mixed.length; i++) {
            mixed[i] ^= over[i % over.length];
        }
        return new AuthData(Secret.of(mixed)).password();
    }
}
