package dev.tdb.proxy.credential;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * The client's side of a SCRAM exchange after the server's first message.
 *
 * @param clientFinal the client's final message
 * @param serverFinal what a server that has the verifier will say to it
 */
public record ScramAnswer(String clientFinal, String serverFinal) {

    /** @param channelBinding the data that both sides must see; empty unless {@code clientFirst} uses a binding */
    public static ScramAnswer of(
            ScramClientFirst clientFirst, ScramServerFirst serverFirst, ScramKeys keys, byte[] channelBinding) {
        byte[] header = clientFirst.binding().header().getBytes(StandardCharsets.UTF_8);
        byte[] binding = new byte[header.length + channelBinding.length];
        System.arraycopy(header, 0, binding, 0, header.length);
        System.arraycopy(channelBinding, 0, binding, header.length, channelBinding.length);
        String withoutProof = "c=" + ScramText.base64(binding) + ",r=" + serverFirst.nonce();
        String authMessage = clientFirst.bare() + "," + serverFirst.text() + "," + withoutProof;
        byte[] signature = Scram.hmac(keys.verifier().storedKey().bytes(), authMessage);
        byte[] proof = Scram.xor(keys.clientKey().bytes(), signature);
        return new ScramAnswer(
                withoutProof + ",p=" + ScramText.base64(proof),
                new ScramProof(authMessage, Secret.of(proof)).serverFinal(keys.verifier()));
    }

    /** Whether the server's final message shows that it knows us, too. */
    public boolean isProvenBy(String serverFinal) {
        int end = serverFinal.indexOf(','); // extensions may follow
        String signature = end < 0 ? serverFinal : serverFinal.substring(0, end);
        return MessageDigest.isEqual(
                signature.getBytes(StandardCharsets.UTF_8), this.serverFinal.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
        return "ScramAnswer[]";
    }
}
