package dev.tdb.control.secret;

import dev.tdb.proxy.credential.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Encrypts what the control database must be able to read again: AES-256-GCM, written as {@code key id:hexadecimal} of
 * nonce, ciphertext and tag. The text is bound to its place, so that it cannot be moved to another row.
 */
public final class SecretCipher {
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    private final EncryptionKeys keys;

    public SecretCipher(EncryptionKeys keys) {
        this.keys = keys;
    }

    /** @param place where the text will be kept, such as {@code host/h1}: needed again to decrypt */
    public String encrypt(Secret plain, String place) {
        byte[] nonce = Tokens.bytes(NONCE_BYTES).bytes();
        try {
            byte[] sealed =
                    cipher(Cipher.ENCRYPT_MODE, keys.current(), nonce, place).doFinal(plain.bytes());
            HexFormat hex = HexFormat.of();
            return keys.currentId() + ":" + hex.formatHex(nonce) + hex.formatHex(sealed);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** @throws IllegalStateException when the key is missing, or the text was changed or moved */
    public Secret decrypt(String text, String place) {
        int colon = text.indexOf(':');
        if (colon < 0) {
            throw new IllegalStateException("what is kept at " + place + " is not encrypted as expected");
        }
        byte[] bytes = HexFormat.of().parseHex(text, colon + 1, text.length());
        byte[] nonce = java.util.Arrays.copyOf(bytes, NONCE_BYTES);
        try {
            Cipher cipher = cipher(Cipher.DECRYPT_MODE, keys.find(text.substring(0, colon)), nonce, place);
            return Secret.of(cipher.doFinal(bytes, NONCE_BYTES, bytes.length - NONCE_BYTES));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("what is kept at " + place + " cannot be decrypted", e);
        }
    }

    /** Whether a text was encrypted with another key than the current one, and so waits for rotation. */
    public boolean isOutdated(String text) {
        return !text.startsWith(keys.currentId() + ":");
    }

    /** The same secret under the current key. */
    public String renew(String text, String place) {
        return encrypt(decrypt(text, place), place);
    }

    private static Cipher cipher(int mode, Secret key, byte[] nonce, String place) throws GeneralSecurityException {
        SecretKey aes = new SecretKeySpec(key.bytes(), "AES");
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, aes, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(place.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }
}
