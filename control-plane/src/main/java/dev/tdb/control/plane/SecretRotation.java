package dev.tdb.control.plane;

import dev.tdb.control.answer.KeptAnswers;
import dev.tdb.control.blueprint.VersionScripts;
import dev.tdb.control.host.HostAccess;
import dev.tdb.control.secret.EncryptionKeys;
import dev.tdb.control.secret.SecretCipher;
import dev.tdb.control.snapshot.LoginSafe;
import dev.tdb.control.store.AnswerRows;
import dev.tdb.control.store.HostRows;
import dev.tdb.control.store.InstallationRows;
import dev.tdb.control.store.LoginRows;
import dev.tdb.control.store.StateStore;
import dev.tdb.control.store.StoreSettings;
import dev.tdb.control.store.Tables;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Encrypts what the control database keeps with the first of the keys, whichever of them it was encrypted with: all of it
 * or, when something cannot be read, nothing. tdb may run meanwhile, if it has read the same keys.
 */
public final class SecretRotation {
    private static final List<String> INSTALLATION_SECRETS = List.of(ControlPlane.MOCK_SECRET, VersionScripts.SECRET);

    private final SecretCipher cipher;
    private int renewed;
    private int kept;

    private SecretRotation(SecretCipher cipher) {
        this.cipher = cipher;
    }

    /**
     * What was done.
     *
     * @param keyId that everything is encrypted with now
     * @param renewed secrets that were encrypted with another key
     * @param kept secrets that were encrypted with it before
     */
    public record Result(String keyId, int renewed, int kept) {}

    /** @throws IllegalStateException when a key is missing, or a secret was changed or moved */
    public static Result run(StoreSettings settings, Path keyFile) {
        EncryptionKeys keys = EncryptionKeys.load(keyFile, System.getenv(EncryptionKeys.VARIABLE));
        SecretRotation rotation = new SecretRotation(new SecretCipher(keys));
        try (StateStore store = StateStore.open(settings)) {
            return store.write(tables -> {
                rotation.rotate(tables);
                return new Result(keys.currentId(), rotation.renewed, rotation.kept);
            });
        }
    }

    private void rotate(Tables tables) {
        InstallationRows installation = tables.installation();
        for (String name : INSTALLATION_SECRETS) {
            installation.find(name).flatMap(text -> again(text, name)).ifPresent(text -> installation.put(name, text));
        }
        for (HostRows.Row host : tables.hosts().list()) {
            again(host.adminPassword(), HostAccess.secretPlace(host.id()))
                    .ifPresent(text -> replaced(tables.hosts().replacePassword(host.id(), host.adminPassword(), text)));
        }
        for (LoginRows.Row login : tables.logins().everything()) {
            again(login.password(), LoginSafe.place(login.user()))
                    .ifPresent(text -> replaced(tables.logins().replacePassword(login.user(), login.password(), text)));
        }
        for (String id : tables.answers().ids()) {
            tables.answers().find(id).ifPresent(answer -> rotate(tables.answers(), answer));
        }
    }

    /** What changes meanwhile is being written by a tdb that runs, with the first of the keys. */
    private void rotate(AnswerRows answers, AnswerRows.Row row) {
        again(row.request(), KeptAnswers.requestPlace(row.id()))
                .ifPresent(text -> answers.replaceRequest(row.id(), row.request(), text));
        if (!row.answer().isEmpty()) {
            again(row.answer(), KeptAnswers.answerPlace(row.id()))
                    .ifPresent(text -> answers.replaceAnswer(row.id(), row.answer(), text));
        }
    }

    private static void replaced(boolean done) {
        if (!done) {
            throw new IllegalStateException("a secret has just been changed by a tdb that runs. Try again");
        }
    }

    /** Empty when it is up to date. That it can be read is checked all the same. */
    private Optional<String> again(String text, String place) {
        String next = cipher.renew(text, place);
        if (cipher.isOutdated(text)) {
            renewed++;
            return Optional.of(next);
        }
        kept++;
        return Optional.empty();
    }
}
