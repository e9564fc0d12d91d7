package dev.tdb.mysql.frontend;

import dev.tdb.mysql.message.AuthData;
import dev.tdb.mysql.message.AuthMoreData;
import dev.tdb.mysql.message.WholePacket;
import dev.tdb.proxy.credential.Secret;
import dev.tdb.proxy.frontend.ClientHandshake.Actions;
import dev.tdb.proxy.refusal.ProtocolViolation;
import io.netty.buffer.ByteBuf;

/**
 * The client was asked for its password without TLS: it comes enciphered, under our key, which the client may ask for.
 *
 * @param nonce of the proof that was not enough
 */
record AwaitingPassword(LoginTerms terms, Applicant applicant, Secret nonce) implements HandshakeState {
    @Override
    public HandshakeState onPacket(WholePacket packet, ByteBuf rest, Actions actions) {
        Secret said = AuthData.decode(packet.payload()).data();
        if (new AuthMoreData(said).is(AuthMoreData.REQUEST_PUBLIC_KEY)) {
            terms.offLoop(terms.key()::pem, actions);
            return new KeyWanted(this, packet.sequence());
        }
        if (said.length() != RsaKey.ENCIPHERED_BYTES) {
            throw new ProtocolViolation("a password that is not enciphered");
        }
        terms.offLoop(() -> terms.key().decipher(said, nonce), actions);
        return new Deciphering(terms, applicant, nonce, packet.sequence());
    }
}
