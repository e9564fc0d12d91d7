package dev.tdb.postgres.backend;

import dev.tdb.proxy.credential.Secret;
import dev.tdb.proxy.route.BackendLogin;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;

/** The answer to AuthenticationMD5Password, for servers that still have such passwords. */
final class Md5Password {
    private Md5Password() {}

    static Secret of(BackendLogin login, Secret salt) {
        String stored = md5Hex(login.password().bytes(), login.user().getBytes(StandardCharsets.UTF_8));
        return Secret.of("md5" + md5Hex(stored.getBytes(StandardCharsets.US_ASCII), salt.bytes()));
    }

    private static String md5Hex(byte[] first, byte[] second) {
        try {
            MessageDigest md5 = MessageDigest.getInstance("MD5");
            md5.update(first);
            return HexFormat.of().formatHex(md5.digest(second));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
