package dev.tdb.control.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tdb.proxy.credential.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretCipherTest {
    private static final String OLD = "old=" + "01".repeat(32);
    private static final String NEW = "new=" + "02".repeat(32);
    private static final Secret PLAIN = Secret.of("swordfish");

    private static SecretCipher cipher(String... entries) {
        return new SecretCipher(EncryptionKeys.parse(List.of(entries), "test"));
    }

    @Test
    void whatIsEncryptedIsReadAgainAtItsPlaceOnly() {
        SecretCipher cipher = cipher(OLD);

        String sealed = cipher.encrypt(PLAIN, "host/h1");

        assertThat(cipher.decrypt(sealed, "host/h1")).isEqualTo(PLAIN);
        assertThat(sealed).startsWith("old:").isNotEqualTo(cipher.encrypt(PLAIN, "host/h1"));
        assertThatThrownBy(() -> cipher.decrypt(sealed, "host/h2")).hasMessageContaining("cannot be decrypted");
        char last = sealed.charAt(sealed.length() - 1);
        String changed = sealed.substring(0, sealed.length() - 1) + (last == '0' ? '1' : '0');
        assertThatThrownBy(() -> cipher.decrypt(changed, "host/h1")).hasMessageContaining("cannot be decrypted");
    }

    @Test
    void aNewKeyEncryptsAndTheOldOneStillDecrypts() {
        String sealed = cipher(OLD).encrypt(PLAIN, "p");
        SecretCipher rotating = cipher(NEW, OLD);

        assertThat(rotating.decrypt(sealed, "p")).isEqualTo(PLAIN);
        assertThat(rotating.isOutdated(sealed)).isTrue();
        assertThat(rotating.isOutdated(rotating.encrypt(PLAIN, "p"))).isFalse();
        assertThatThrownBy(() -> cipher(NEW).decrypt(sealed, "p"))
                .hasMessageContaining("encryption key old is missing");
    }

    @Test
    void theKeyFileIsMadeOnceAndForItsOwnerOnly(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("state").resolve("keys");

        EncryptionKeys made = EncryptionKeys.load(file, null);

        assertThat(EncryptionKeys.load(file, null)).isEqualTo(made);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(made.toString()).doesNotContain(Files.readString(file).substring(3, 20));
        assertThat(EncryptionKeys.load(file, NEW + "," + OLD).currentId()).isEqualTo("new");
    }

    @Test
    void aKeyOfTheWrongLengthIsRefusedWithoutBeingShown() {
        assertThatThrownBy(() -> EncryptionKeys.parse(List.of("k=abcdef"), "keys"))
                .hasMessage("keys: key k has 6 characters, expected 64 hexadecimal digits");
        assertThatThrownBy(() -> EncryptionKeys.parse(List.of(""), "keys")).hasMessageContaining("no encryption key");
        assertThatThrownBy(() -> EncryptionKeys.parse(List.of("abcdef"), "keys"))
                .hasMessageContaining("expected id=hex entries");
    }
}
