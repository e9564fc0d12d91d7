package dev.tdb.mysql.frontend;

import dev.tdb.mysql.message.AuthData;
import dev.tdb.mysql.message.AuthPlugin;
import dev.tdb.mysql.message.WholePacket;
import dev.tdb.proxy.credential.Secret;
import dev.tdb.proxy.frontend.ClientHandshake.Actions;
import io.netty.buffer.ByteBuf;

/**
 * The client was asked to prove its password by another plugin than it had chosen, or to show it.
 *
 * @param nonce of this question
 */
record AwaitingProof(LoginTerms terms, Applicant applicant, String plugin, Secret nonce) implements HandshakeState {
    @Override
    public HandshakeState onPacket(WholePacket packet, ByteBuf rest, Actions actions) {
        if (plugin.equals(AuthPlugin.CACHING_SHA2) && terms.isMoreAskedThanProof(actions)) {
            return terms.askPassword(applicant, nonce, packet.sequence(), actions);
        }
        AuthData answer = AuthData.decode(packet.payload());
        return terms.conclude(applicant, plugin, answer, nonce, packet.sequence(), actions);
    }
}
