package dev.tdb.postgres.frontend;

import dev.tdb.postgres.message.AuthenticationSASLFinal;
import dev.tdb.postgres.message.SASLResponse;
import dev.tdb.proxy.credential.Candidates.Verdict;
import dev.tdb.proxy.credential.Scram;
import dev.tdb.proxy.credential.ScramChallenge;
import dev.tdb.proxy.credential.ScramProof;
import dev.tdb.proxy.credential.ScramVerifier;
import dev.tdb.proxy.credential.Secret;
import dev.tdb.proxy.frontend.ClientHandshake.Actions;
import io.netty.buffer.ByteBuf;

/** The client was challenged to prove that it knows a password. */
record AwaitingClientFinal(LoginTerms terms, Applicant applicant, ScramChallenge challenge) implements HandshakeState {
    /** Of nobody's password: tried so that a login without candidates takes the time of one with. */
    private static final ScramVerifier NOBODY =
            new ScramVerifier(Secret.of(new byte[Scram.KEY_BYTES]), Secret.of(new byte[Scram.KEY_BYTES]));

    @Override
    public HandshakeState onBytes(ByteBuf in, Actions actions) {
        return SaslReply.read(
                in,
                actions,
                this,
                body -> onClientFinal(SASLResponse.decode(body).data(), actions));
    }

    @Override
    public HandshakeState onTls(Actions actions) {
        throw new IllegalStateException("TLS while a proof is awaited");
    }

    @Override
    public boolean canBeTold() {
        return true;
    }

    private HandshakeState onClientFinal(String text, Actions actions) {
        ScramProof proof = challenge.answered(text);
        boolean isNobody = proof.isBy(NOBODY);
        Verdict verdict = applicant.candidates().judge(credential -> proof.isBy(credential.scramSha256()));
        if (!isNobody && verdict instanceof Verdict.Admitted(var credential)) {
            ByteBuf out = actions.allocator().buffer();
            new AuthenticationSASLFinal(proof.serverFinal(credential.scramSha256())).encode(out);
            actions.send(out);
        }
        return terms.conclude(applicant, verdict, actions);
    }
}
