package dev.tdb.proxy.credential;

import dev.tdb.proxy.refusal.ProtocolViolation;

/**
 * A server's first SCRAM message (RFC 5802, section 7, server-first-message).
 *
 * @param nonce the client's half and the server's behind it
 * @param settings what the client must derive its keys with
 * @param text the whole message: it is hashed as it came
 */
public record ScramServerFirst(String nonce, ScramSettings settings, String text) {
    /** Most iterations a server may make us compute: several tenths of a second. */
    public static final int ITERATIONS_MAX = 1_000_000;

    private static final int SALT_BYTES_MIN = 8;

    /** The answer to {@code clientFirst}, with a new half of the nonce. */
    public static ScramServerFirst answering(ScramClientFirst clientFirst, ScramSettings settings) {
        String nonce = clientFirst.nonce() + Scram.nonce();
        String salt = ScramText.base64(settings.salt().bytes());
        return new ScramServerFirst(nonce, settings, "r=" + nonce + ",s=" + salt + ",i=" + settings.iterations());
    }

    /** @throws ProtocolViolation for anything that is not an answer to {@code clientFirst} we can work with */
    public static ScramServerFirst parse(String text, ScramClientFirst clientFirst) {
        String[] attributes = ScramText.attributes(text);
        String nonce = ScramText.nonce(ScramText.value(attributes, 0, 'r'));
        if (!nonce.startsWith(clientFirst.nonce())
                || nonce.length() == clientFirst.nonce().length()) {
            throw ScramText.malformed("the nonce does not continue the client's");
        }
        byte[] salt = ScramText.base64(ScramText.value(attributes, 1, 's'));
        if (salt.length < SALT_BYTES_MIN) {
            throw ScramText.malformed("a salt of " + salt.length + " bytes");
        }
        int iterations = iterations(ScramText.value(attributes, 2, 'i'));
        ScramText.checkExtensions(attributes, 3, attributes.length);
        return new ScramServerFirst(nonce, new ScramSettings(Secret.of(salt), iterations), text);
    }

    private static int iterations(String digits) {
        if (digits.isEmpty() || digits.length() > 7 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw ScramText.malformed("iteration count");
        }
        int iterations = Integer.parseInt(digits);
        if (iterations < 1 || iterations > ITERATIONS_MAX) {
            throw ScramText.malformed(iterations + " iterations");
        }
        return iterations;
    }
}
