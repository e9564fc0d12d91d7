package dev.tdb.proxy.credential;

import com.ongres.saslprep.SASLprep;
import com.ongres.stringprep.Profile;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The arithmetic of SCRAM (RFC 5802, section 3) with SHA-256 (RFC 7677). Deriving keys costs milliseconds and must not
 * be done on an event loop; everything else costs microseconds.
 */
public final class Scram {
    /** Iterations of a verifier that tdb makes itself, and of the mock ones shown to unknown users. */
    public static final int ITERATIONS_DEFAULT = 4096;

    /** Length of every key, signature and proof. */
    public static final int KEY_BYTES = 32;

    private static final String HMAC = "HmacSHA256";
    private static final int NONCE_BYTES = 18; // as base64 without padding
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Profile SASL_PREP = new SASLprep();

    private Scram() {}

    /** What a server keeps of {@code password}. Slow: {@link ScramSettings#iterations()} hashes. */
    public static ScramVerifier sha256(Secret password, ScramSettings settings) {
        return keys(password, settings).verifier();
    }

    /** What a client needs of {@code password} to prove that it knows it. Slow, as {@link #sha256}. */
    public static ScramKeys keys(Secret password, ScramSettings settings) {
        byte[] salted = saltedPassword(prepared(password), settings);
        byte[] clientKey = hmac(salted, "Client Key");
        Secret storedKey = Secret.of(sha256(clientKey));
        Secret serverKey = Secret.of(hmac(salted, "Server Key"));
        return new ScramKeys(Secret.of(clientKey), new ScramVerifier(storedKey, serverKey));
    }

    /** Characters that nobody can foresee, for a client's or a server's half of the nonce. */
    public static String nonce() {
        byte[] bytes = new byte[NONCE_BYTES];
        RANDOM.nextBytes(bytes);
        return Base64.getEncoder().encodeToString(bytes);
    }

    static byte[] hmac(byte[] key, String text) {
        return hmac(key, text.getBytes(StandardCharsets.UTF_8));
    }

    static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static byte[] xor(byte[] left, byte[] right) {
        byte[] result = left.clone();
        for (int i = 0; i < result.length; i++) {
            result[i] ^= right[i];
        }
        return result;
    }

    /**
     * The password as SASLprep (RFC 4013) normalizes it; as it is where that is impossible, which is what PostgreSQL's
     * clients and servers do.
     */
    private static byte[] prepared(Secret password) {
        byte[] bytes = password.bytes();
        if (isPrintableAscii(bytes)) {
            return bytes;
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return SASL_PREP.prepareStored(text).getBytes(StandardCharsets.UTF_8);
        } catch (CharacterCodingException | IllegalArgumentException _) {
            return bytes;
        }
    }

    private static boolean isPrintableAscii(byte[] bytes) {
        for (byte b : bytes) {
            if (b < ' ' || b > '~') {
                return false;
            }
        }
        return true;
    }

    /** Hi() of the RFC: PBKDF2 with one block. */
    private static byte[] saltedPassword(byte[] password, ScramSettings settings) {
        Mac mac = mac(password);
        mac.update(settings.salt().bytes());
        byte[] block = mac.doFinal(new byte[] {0, 0, 0, 1});
        byte[] result = block.clone();
        for (int i = 1; i < settings.iterations(); i++) {
            block = mac.doFinal(block);
            for (int at = 0; at < result.length; at++) {
                result[at] ^= block[at];
            }
        }
        return result;
    }

    private static byte[] hmac(byte[] key, byte[] bytes) {
        return mac(key).doFinal(bytes);
    }

    private static Mac mac(byte[] key) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            // HMAC pads a key with zeros, so that one zero stands for none, which the JDK would refuse.
            mac.init(new SecretKeySpec(key.length == 0 ? new byte[1] : key, HMAC));
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
