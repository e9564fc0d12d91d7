package dev.tdb.control.answer;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * What one request is known by: two callers may use the same key, and so may one for two things.
 *
 * @param key the caller's own word for it
 * @param caller whose key it is
 * @param path what is asked for, with its parameters
 */
public record RequestName(String key, String caller, String project, String path) {
    /** The path stands last, since it alone may have a NUL in it. */
    String digest() {
        String text = String.join("\0", key, caller, project, path);
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(sha256.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
