package dev.tdb.control.blueprint;

import dev.tdb.control.engine.VersionScript;
import dev.tdb.control.secret.SecretCipher;
import dev.tdb.control.secret.Tokens;
import dev.tdb.control.store.BlueprintRows;
import dev.tdb.control.store.StateStore;
import dev.tdb.control.store.Tables;
import dev.tdb.proxy.credential.ProjectId;
import dev.tdb.proxy.credential.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Versions as databases are given them. A mark is a MAC over the database's name, the version and its statements, with a
 * secret of this installation: nobody else can make one, and one of another database or of other statements is none.
 */
public final class VersionScripts {
    /** The name of the secret among the installation's facts; its encryption is bound to it. */
    public static final String SECRET = "version_mark_secret";

    private static final int SECRET_BYTES = 32;
    private static final String MAC = "HmacSHA256";

    private final Secret secret;

    private VersionScripts(Secret secret) {
        this.secret = secret;
    }

    /** With the secret of the installation, which is made when there is none. */
    public static VersionScripts open(StateStore store, SecretCipher cipher) {
        return store.write(tables -> new VersionScripts(tables.installation()
                .find(SECRET)
                .map(stored -> cipher.decrypt(stored, SECRET))
                .orElseGet(() -> {
                    Secret made = Tokens.bytes(SECRET_BYTES);
                    tables.installation().put(SECRET, cipher.encrypt(made, SECRET));
                    return made;
                })));
    }

    /** The versions above {@code from} up to {@code to}, in their order, for one physical database. */
    public List<VersionScript> between(
            Tables tables, ProjectId project, String blueprint, String database, int from, int to) {
        return tables.blueprints().versions(project, blueprint).stream()
                .map(BlueprintRows.Version::version)
                .filter(version -> version > from && version <= to)
                .map(version -> {
                    List<String> statements = tables.blueprints().statements(project, blueprint, version);
                    return new VersionScript(version, statements, mark(database, version, statements));
                })
                .toList();
    }

    private String mark(String database, int version, List<String> statements) {
        try {
            Mac mac = Mac.getInstance(MAC);
            mac.init(new SecretKeySpec(secret.bytes(), MAC));
            add(mac, database);
            add(mac, Integer.toString(version));
            statements.forEach(statement -> add(mac, statement));
            return HexFormat.of().formatHex(mac.doFinal());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Neither names nor statements have a NUL in them, so it tells where each ends. */
    private static void add(Mac mac, String text) {
        mac.update(text.getBytes(StandardCharsets.UTF_8));
        mac.update((byte) 0);
    }
}
