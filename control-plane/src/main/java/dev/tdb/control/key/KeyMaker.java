package dev.tdb.control.key;

import dev.tdb.control.secret.ScramKeys;
import dev.tdb.control.secret.Tokens;
import dev.tdb.control.store.KeyRows;
import dev.tdb.control.store.ProjectRows;
import dev.tdb.control.store.Tables;
import dev.tdb.proxy.credential.CredentialBook;
import dev.tdb.proxy.credential.DoubleHash;
import dev.tdb.proxy.credential.Role;
import dev.tdb.proxy.credential.ScramVerifier;
import dev.tdb.proxy.credential.Secret;
import java.time.Duration;

/** Makes keys and their secrets within a transaction. Deriving a verifier takes milliseconds: do that before it. */
public final class KeyMaker {
    private KeyMaker() {}

    /** A new password with what is kept of it. */
    public record Password(Secret plain, ScramVerifier scram) {}

    public static Password password(ProjectRows.Row project) {
        Secret plain = Tokens.proxyPassword();
        return new Password(plain, ScramKeys.derive(plain, project.scram()));
    }

    /** @return the key's id */
    public static String insertKey(Tables tables, ProjectRows.Row project, KeySpec spec, long now) {
        String id = Tokens.id("key_");
        tables.keys()
                .insert(new KeyRows.Row(
                        id,
                        project.id().value(),
                        spec.name(),
                        spec.role().word(),
                        spec.scope().type().word(),
                        spec.scope().values(),
                        false,
                        now,
                        null));
        return id;
    }

    /** A token for HTTP. */
    public static Secret insertToken(Tables tables, String keyId) {
        Secret token = Tokens.apiKey();
        tables.keys().insertToken(keyId, Tokens.sha256Hex(token.reveal()), null);
        return token;
    }

    /** A password for drivers. */
    public static void insertPassword(Tables tables, String keyId, Password password, long now) {
        tables.credentials()
                .insert(
                        Tokens.id("cred_"),
                        keyId,
                        CredentialBook.tokenSha256(password.plain()),
                        password.scram(),
                        DoubleHash.SHA1.stored(password.plain()),
                        now);
    }

    /** A new operator's key; the old ones work for {@code overlap}. */
    public static Secret rotateOperator(Tables tables, long now, Duration overlap) {
        for (KeyRows.Row old : tables.keys().operators()) {
            tables.keys().expireTokens(old.id(), now + overlap.toMillis());
        }
        return insertOperator(tables, now);
    }

    /** An operator's key. */
    public static Secret insertOperator(Tables tables, long now) {
        String id = Tokens.id("key_");
        tables.keys()
                .insert(new KeyRows.Row(
                        id,
                        null,
                        "operator",
                        Role.ADMIN.word(),
                        KeyRows.OPERATOR,
                        java.util.List.of(),
                        false,
                        now,
                        null));
        return insertToken(tables, id);
    }
}
