package dev.tdb.postgres.frontend;

import dev.tdb.postgres.message.AuthenticationResponse;
import dev.tdb.postgres.message.PasswordMessage;
import dev.tdb.postgres.message.Terminate;
import dev.tdb.postgres.message.WholeMessage;
import dev.tdb.proxy.credential.Candidates.Verdict;
import dev.tdb.proxy.credential.CredentialBook;
import dev.tdb.proxy.credential.Secret;
import dev.tdb.proxy.frontend.ClientHandshake.Actions;
import dev.tdb.proxy.refusal.ProtocolViolation;
import io.netty.buffer.ByteBuf;
import java.util.Optional;

/** The password itself was asked for, within TLS. */
record AwaitingPassword(LoginTerms terms, Applicant applicant) implements HandshakeState {
    private static final int LENGTH_MAX = 4096;

    @Override
    public HandshakeState onBytes(ByteBuf in, Actions actions) {
        Optional<WholeMessage> message = WholeMessage.read(in, LENGTH_MAX);
        if (message.isEmpty()) {
            return this;
        }
        return switch (message.get().type()) {
            case AuthenticationResponse.TYPE -> {
                Secret token = CredentialBook.tokenSha256(
                        PasswordMessage.decode(message.get().body()).password());
                Verdict verdict = applicant
                        .candidates()
                        .judge(credential -> credential.tokenSha256().equals(token));
                yield terms.conclude(applicant, verdict, actions);
            }
            case Terminate.TYPE -> {
                actions.close();
                yield new HandshakeOver();
            }
            default -> throw new ProtocolViolation("expected password response");
        };
    }

    @Override
    public HandshakeState onTls(Actions actions) {
        throw new IllegalStateException("TLS while a password is awaited");
    }

    @Override
    public boolean canBeTold() {
        return true;
    }
}
