package dev.tdb.control.secret;

import dev.tdb.proxy.credential.ScramSettings;
import dev.tdb.proxy.credential.ScramVerifier;
import dev.tdb.proxy.credential.Secret;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Derives what a SCRAM-SHA-256 server keeps of a password.
 *
 * <p>Passwords are our own ({@link Tokens}): ASCII, so that SASLprep leaves them as they are.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc5802#section-3">RFC 5802, section 3</a>
 */
public final class ScramKeys {
    /** Iterations of new projects and of backend logins. */
    public static final int ITERATIONS = 4096;

    /** The iterations and the salt of a verifier; fewer than a million, so that none takes long. */
    private static final Pattern POSTGRES_VERIFIER =
            Pattern.compile("SCRAM-SHA-256\\$([0-9]{1,6}):([A-Za-z0-9+/]{4,88}={0,2})\\$.*");

    private static final int SALT_BYTES = 16;
    private static final int KEY_BITS = 256;

    private ScramKeys() {}

    public static ScramSettings newSettings() {
        return new ScramSettings(Tokens.bytes(SALT_BYTES), ITERATIONS);
    }

    public static ScramVerifier derive(Secret password, ScramSettings settings) {
        try {
            PBEKeySpec spec = new PBEKeySpec(
                    password.reveal().toCharArray(), settings.salt().bytes(), settings.iterations(), KEY_BITS);
            byte[] salted = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(spec)
                    .getEncoded();
            spec.clearPassword();
            byte[] clientKey = hmac(salted, "Client Key");
            byte[] storedKey = MessageDigest.getInstance("SHA-256").digest(clientKey);
            return new ScramVerifier(Secret.of(storedKey), Secret.of(hmac(salted, "Server Key")));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A verifier as PostgreSQL keeps it in {@code pg_authid.rolpassword}: fit for {@code PASSWORD '…'}. */
    public static String postgresVerifier(Secret password) {
        return postgresVerifier(password, newSettings());
    }

    /** Whether {@code verifier} is what PostgreSQL would keep of this password. */
    public static boolean isPostgresVerifier(String verifier, Secret password) {
        Matcher matcher = POSTGRES_VERIFIER.matcher(verifier);
        if (!matcher.matches()) {
            return false;
        }
        Secret salt = Secret.of(Base64.getDecoder().decode(matcher.group(2)));
        return verifier.equals(postgresVerifier(password, new ScramSettings(salt, Integer.parseInt(matcher.group(1)))));
    }

    private static String postgresVerifier(Secret password, ScramSettings settings) {
        ScramVerifier verifier = derive(password, settings);
        Base64.Encoder base64 = Base64.getEncoder();
        return "SCRAM-SHA-256$" + settings.iterations() + ":"
                + base64.encodeToString(settings.salt().bytes()) + "$"
                + base64.encodeToString(verifier.storedKey().bytes()) + ":"
                + base64.encodeToString(verifier.serverKey().bytes());
    }

    private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(text.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    }
}
