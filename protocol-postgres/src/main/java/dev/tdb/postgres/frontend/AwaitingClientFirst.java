package dev.tdb.postgres.frontend;

import dev.tdb.postgres.message.AuthenticationSASLContinue;
import dev.tdb.postgres.message.SASLResponse;
import dev.tdb.proxy.credential.ScramChallenge;
import dev.tdb.proxy.credential.ScramClientFirst;
import dev.tdb.proxy.credential.ScramServerFirst;
import dev.tdb.proxy.credential.Secret;
import dev.tdb.proxy.frontend.ClientHandshake.Actions;
import dev.tdb.proxy.refusal.ProtocolViolation;
import io.netty.buffer.ByteBuf;

/**
 * The client chose a mechanism without saying its first message, and was asked for it.
 *
 * @param isPlusOffered whether the client was offered channel binding
 * @param isPlus whether it chose it
 */
record AwaitingClientFirst(LoginTerms terms, Applicant applicant, boolean isPlusOffered, boolean isPlus)
        implements HandshakeState {

    @Override
    public HandshakeState onBytes(ByteBuf in, Actions actions) {
        return SaslReply.read(
                in,
                actions,
                this,
                body -> onClientFirst(SASLResponse.decode(body).data(), actions));
    }

    @Override
    public HandshakeState onTls(Actions actions) {
        throw new IllegalStateException("TLS while a client's first message is awaited");
    }

    @Override
    public boolean canBeTold() {
        return true;
    }

    /** Answers the client's first message with a challenge. */
    HandshakeState onClientFirst(String text, Actions actions) {
        ScramClientFirst clientFirst = ScramClientFirst.parse(text);
        checkBinding(clientFirst.binding());
        ScramServerFirst serverFirst = ScramServerFirst.answering(clientFirst, applicant.settings());
        ByteBuf out = actions.allocator().buffer();
        new AuthenticationSASLContinue(serverFirst.text()).encode(out);
        actions.send(out);
        Secret channelBinding = Secret.of(actions.tlsServerEndPoint().orElse(new byte[0]));
        return new AwaitingClientFinal(terms, applicant, new ScramChallenge(clientFirst, serverFirst, channelBinding));
    }

    /** RFC 5802, section 6: somebody between us may have taken the better mechanism off the list. */
    private void checkBinding(ScramClientFirst.Binding binding) {
        switch (binding) {
            case ScramClientFirst.Binding.Used(String name) -> {
                if (!isPlus) {
                    throw new ProtocolViolation("channel binding with a SCRAM mechanism that has none");
                }
                if (!name.equals(ScramClientFirst.TLS_SERVER_END_POINT)) {
                    throw new ProtocolViolation("unsupported SCRAM channel binding type");
                }
            }
            case ScramClientFirst.Binding.Unoffered _ -> {
                if (isPlusOffered) {
                    throw new ProtocolViolation("channel binding was offered and the client did not see it");
                }
            }
            case ScramClientFirst.Binding.None _ -> {
                if (isPlus) {
                    throw new ProtocolViolation("SCRAM-SHA-256-PLUS without channel binding");
                }
            }
        }
    }
}
