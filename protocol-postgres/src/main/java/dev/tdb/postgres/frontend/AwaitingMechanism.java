package dev.tdb.postgres.frontend;

import dev.tdb.postgres.message.AuthenticationSASL;
import dev.tdb.postgres.message.AuthenticationSASLContinue;
import dev.tdb.postgres.message.SASLInitialResponse;
import dev.tdb.proxy.frontend.ClientHandshake.Actions;
import dev.tdb.proxy.refusal.ProtocolViolation;
import io.netty.buffer.ByteBuf;

/**
 * SASL was offered; the client chooses a mechanism and, as a rule, speaks first in it.
 *
 * @param isPlusOffered whether SCRAM with channel binding was among them
 */
record AwaitingMechanism(LoginTerms terms, Applicant applicant, boolean isPlusOffered) implements HandshakeState {

    @Override
    public HandshakeState onBytes(ByteBuf in, Actions actions) {
        return SaslReply.read(in, actions, this, body -> choose(SASLInitialResponse.decode(body), actions));
    }

    @Override
    public HandshakeState onTls(Actions actions) {
        throw new IllegalStateException("TLS while a mechanism is awaited");
    }

    @Override
    public boolean canBeTold() {
        return true;
    }

    private HandshakeState choose(SASLInitialResponse response, Actions actions) {
        boolean isPlus = isPlusOffered && response.mechanism().equals(AuthenticationSASL.SCRAM_SHA_256_PLUS);
        if (!isPlus && !response.mechanism().equals(AuthenticationSASL.SCRAM_SHA_256)) {
            throw new ProtocolViolation("client selected an invalid SASL authentication mechanism");
        }
        AwaitingClientFirst next = new AwaitingClientFirst(terms, applicant, isPlusOffered, isPlus);
        if (!response.data().isEmpty()) {
            return next.onClientFirst(response.data(), actions);
        }
        ByteBuf out = actions.allocator().buffer();
        new AuthenticationSASLContinue("").encode(out);
        actions.send(out);
        return next;
    }
}
