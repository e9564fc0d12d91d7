package dev.tdb.testkit.contract;

import dev.tdb.proxy.credential.Credential;
import dev.tdb.proxy.credential.CredentialBook;
import dev.tdb.proxy.credential.ProjectId;
import dev.tdb.proxy.credential.Role;
import dev.tdb.proxy.credential.Scope;
import dev.tdb.proxy.credential.ScramSettings;
import dev.tdb.proxy.credential.ScramVerifier;
import dev.tdb.proxy.credential.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/** The credentials of a rig: passwords known to the tests, verifiers for the proxy (RFC 5802, section 3). */
final class Passwords {
    private static final ScramSettings SCRAM = new ScramSettings(Secret.of("salt of the rig!"), 4096);

    private Passwords() {}

    static CredentialBook book(ProjectId project, List<Credential> credentials) {
        return new CredentialBook(
                Map.of(project, new CredentialBook.ProjectCredentials(SCRAM, credentials)),
                Secret.of("a secret of the rig's installation"));
    }

    static Credential credential(String id, ProjectId project, Scope scope, Role role, Secret password) {
        return new Credential(
                id, project, scope, role, CredentialBook.tokenSha256(password), verifier(password), Instant.MAX);
    }

    private static ScramVerifier verifier(Secret password) {
        try {
            PBEKeySpec spec =
                    new PBEKeySpec(password.reveal().toCharArray(), SCRAM.salt().bytes(), SCRAM.iterations(), 256);
            byte[] salted = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(spec)
                    .getEncoded();
            byte[] stored = MessageDigest.getInstance("SHA-256").digest(hmac(salted, "Client Key"));
            return new ScramVerifier(Secret.of(stored), Secret.of(hmac(salted, "Server Key")));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    }
}
