package dev.tdb.proxy.credential;

/**
 * What a SCRAM client derives of a password (RFC 5802, section 3): as good as the password itself towards servers with
 * the same salt and iteration count.
 *
 * @param clientKey HMAC(SaltedPassword, "Client Key")
 * @param verifier what the server has
 */
public record ScramKeys(Secret clientKey, ScramVerifier verifier) {}
