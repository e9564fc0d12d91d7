package dev.tdb.control.secret;

import dev.tdb.proxy.credential.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;

/** Random names and secrets, in the shapes of the API. */
public final class Tokens {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String BASE32 = "abcdefghijklmnopqrstuvwxyz234567";
    private static final String API_KEY_PREFIX = "tdb_sk_";
    private static final String PREFIX = "tdb_";

    private Tokens() {}

    /** A project's id: {@code tdb_} + 8 hex. */
    public static String projectId() {
        return PREFIX + hex(4);
    }

    /** A key of the API: {@code tdb_sk_} + 64 hex. */
    public static Secret apiKey() {
        return Secret.of(API_KEY_PREFIX + hex(32));
    }

    /** A password for drivers: {@code tdb_} + 32 hex. */
    public static Secret proxyPassword() {
        return Secret.of(PREFIX + hex(16));
    }

    /** A password with which tdb logs in to a server: 43 characters of base32. */
    public static Secret backendPassword() {
        return Secret.of(base32(43));
    }

    /** A login's name on a server: {@code t} + 16 base32, short enough for every engine. */
    public static String backendUser() {
        return "t" + base32(16);
    }

    /** An id: {@code prefix} + 16 base32. */
    public static String id(String prefix) {
        return prefix + base32(16);
    }

    public static Secret bytes(int count) {
        byte[] bytes = new byte[count];
        RANDOM.nextBytes(bytes);
        return Secret.of(bytes);
    }

    /** SHA-256 of a token's text, in hexadecimal: how the store keeps it. */
    public static String sha256Hex(String token) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String hex(int bytes) {
        return bytes(bytes).revealHex();
    }

    private static String base32(int characters) {
        StringBuilder text = new StringBuilder(characters);
        for (int i = 0; i < characters; i++) {
            text.append(BASE32.charAt(RANDOM.nextInt(BASE32.length())));
        }
        return text.toString();
    }
}
