package dev.tdb.mysql.frontend;

import dev.tdb.proxy.credential.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;

/**
 * Which sessions may end each other: those of one password on one database, as those of one user may on a server.
 *
 * @param secret what they have in common, and nobody else can know: other protocols take such secrets from strangers
 */
record KillRight(Secret secret) {
    static KillRight of(Place place) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(place.credential().tokenSha256().bytes());
            digest.update(place.credential().id().getBytes(StandardCharsets.UTF_8));
            digest.update(place.route().toString().getBytes(StandardCharsets.UTF_8));
            return new KillRight(Secret.of(digest.digest()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
