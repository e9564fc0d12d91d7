package dev.tdb.proxy.credential;

import java.security.MessageDigest;

/**
 * A client's claim to know a password, to be checked against as many verifiers as there may be.
 *
 * @param authMessage all that both sides said
 * @param proof 32 bytes
 */
public record ScramProof(String authMessage, Secret proof) {

    /** Whether the client has the password of {@code verifier}. Takes the same time either way. */
    public boolean isBy(ScramVerifier verifier) {
        byte[] storedKey = verifier.storedKey().bytes();
        byte[] clientKey = Scram.xor(proof.bytes(), Scram.hmac(storedKey, authMessage));
        return MessageDigest.isEqual(Scram.sha256(clientKey), storedKey);
    }

    /** The server's final message, by which it proves in turn that it has {@code verifier}. */
    public String serverFinal(ScramVerifier verifier) {
        return "v=" + ScramText.base64(Scram.hmac(verifier.serverKey().bytes(), authMessage));
    }

    @Override
    public String toString() {
        return "ScramProof[" + proof + "]"; // the rest would allow to try passwords
    }
}
