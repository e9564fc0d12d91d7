package dev.tdb.local;

import java.security.SecureRandom;
import java.util.Base64;

/** A user of a local server and its password, which is never printed. */
public record Login(String user, String password) {
    private static final int PASSWORD_BYTES = 24;
    private static final SecureRandom RANDOM = new SecureRandom();

    /** With a password of letters, digits, minus and underscore only: it needs no quoting anywhere. */
    static Login random(String user) {
        byte[] bytes = new byte[PASSWORD_BYTES];
        RANDOM.nextBytes(bytes);
        return new Login(user, Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }

    @Override
    public String toString() {
        return "Login[user=" + user + ", password of " + password.length() + " characters]";
    }
}
