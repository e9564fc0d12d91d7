package dev.tdb.proxy.credential;

/**
 * What a SCRAM server keeps of a password (RFC 5802, section 3): enough to verify a client, not to be one.
 *
 * @param storedKey H(ClientKey)
 * @param serverKey HMAC(SaltedPassword, "Server Key")
 */
public record ScramVerifier(Secret storedKey, Secret serverKey) {}
