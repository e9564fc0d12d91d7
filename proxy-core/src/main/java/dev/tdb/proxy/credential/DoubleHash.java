package dev.tdb.proxy.credential;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;

/**
 * Proof of a password by a nonce, where the server keeps no more than the hash of the password's hash, as MySQL has it in
 * two ways. Every step costs about a microsecond.
 *
 * <pre>
 *   stored  = H(H(password))
 *   answer  = H(password) XOR H(nonce, stored)      SHA1: mysql_native_password
 *             H(password) XOR H(stored, nonce)      SHA256: caching_sha2_password, its fast way
 * </pre>
 *
 * @see <a href="https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_connection_phase_authentication_methods_native_password_authentication.html">Native
 *     authentication</a>
 * @see <a href="https://dev.mysql.com/doc/dev/mysql-server/latest/page_caching_sha2_authentication_exchanges.html">Caching
 *     SHA-2</a>
 */
public enum DoubleHash {
    SHA1("SHA-1", 20, true),
    SHA256("SHA-256", 32, false);

    private final String algorithm;
    private final int hashBytes;
    private final boolean nonceFirst;

    DoubleHash(String algorithm, int hashBytes, boolean nonceFirst) {
        this.algorithm = algorithm;
        this.hashBytes = hashBytes;
        this.nonceFirst = nonceFirst;
    }

    /** What a server keeps of {@code password}. */
    public Secret stored(Secret password) {
        return storedOf(hash(password.bytes()));
    }

    /** The same, where the password's hash is known. */
    public Secret storedOf(byte[] hash) {
        return Secret.of(hash(hash));
    }

    /** What a client says that has {@code password} when it is asked with {@code nonce}. */
    public Secret answer(Secret password, Secret nonce) {
        byte[] hash = hash(password.bytes());
        return Secret.of(xor(hash, mask(nonce, hash(hash))));
    }

    /** Whether {@code answer} is that of a client that has the password of {@code stored}. Takes the same time either way. */
    public boolean isBy(Secret answer, Secret nonce, Secret stored) {
        if (answer.length() != hashBytes || stored.length() != hashBytes) {
            return false;
        }
        byte[] hash = xor(answer.bytes(), mask(nonce, stored.bytes()));
        return MessageDigest.isEqual(hash(hash), stored.bytes());
    }

    private byte[] mask(Secret nonce, byte[] stored) {
        return nonceFirst ? hash(nonce.bytes(), stored) : hash(stored, nonce.bytes());
    }

    private byte[] hash(byte[]... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance(algorithm);
            for (byte[] part : parts) {
                digest.update(part);
            }
            return digest.digest();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] xor(byte[] left, byte[] right) {
        return Scram.xor(left, right);
    }
}
