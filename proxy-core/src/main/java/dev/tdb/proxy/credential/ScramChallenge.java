package dev.tdb.proxy.credential;

import dev.tdb.proxy.refusal.ProtocolViolation;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * The server's side of a SCRAM exchange after its first message: what the client must answer to.
 *
 * @param channelBinding the data that the client must have seen too; not looked at unless the client uses one
 */
public record ScramChallenge(ScramClientFirst clientFirst, ScramServerFirst serverFirst, Secret channelBinding) {

    /**
     * Reads the client's final message.
     *
     * @throws ProtocolViolation for anything that is not such a message, and for an answer to another challenge
     */
    public ScramProof answered(String clientFinal) {
        String[] attributes = ScramText.attributes(clientFinal);
        byte[] binding = ScramText.base64(ScramText.value(attributes, 0, 'c'));
        String nonce = ScramText.value(attributes, 1, 'r');
        int last = attributes.length - 1;
        if (last < 2) {
            throw ScramText.malformed("attribute p is missing");
        }
        ScramText.checkExtensions(attributes, 2, last);
        byte[] proof = ScramText.base64(ScramText.value(attributes, last, 'p'));
        if (proof.length != Scram.KEY_BYTES) {
            throw ScramText.malformed("a proof of " + proof.length + " bytes");
        }
        if (!nonce.equals(serverFirst.nonce())) {
            throw ScramText.malformed("the nonce is not the one given");
        }
        if (!MessageDigest.isEqual(binding, expectedBinding())) {
            throw new ProtocolViolation("SCRAM channel binding check failed");
        }
        String withoutProof = clientFinal.substring(0, clientFinal.lastIndexOf(",p="));
        return new ScramProof(clientFirst.bare() + "," + serverFirst.text() + "," + withoutProof, Secret.of(proof));
    }

    private byte[] expectedBinding() {
        byte[] header = clientFirst.binding().header().getBytes(StandardCharsets.UTF_8);
        return switch (clientFirst.binding()) {
            case ScramClientFirst.Binding.None _, ScramClientFirst.Binding.Unoffered _ -> header;
            case ScramClientFirst.Binding.Used _ -> {
                byte[] data = channelBinding.bytes();
                byte[] both = Arrays.copyOf(header, header.length + data.length);
                System.arraycopy(data, 0, both, header.length, data.length);
                yield both;
            }
        };
    }
}
