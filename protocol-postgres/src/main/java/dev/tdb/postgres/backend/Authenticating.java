package dev.tdb.postgres.backend;

import dev.tdb.postgres.message.Authentication;
import dev.tdb.postgres.message.AuthenticationCleartextPassword;
import dev.tdb.postgres.message.AuthenticationMD5Password;
import dev.tdb.postgres.message.AuthenticationOk;
import dev.tdb.postgres.message.AuthenticationSASL;
import dev.tdb.postgres.message.AuthenticationSASLContinue;
import dev.tdb.postgres.message.AuthenticationSASLFinal;
import dev.tdb.postgres.message.BackendKeyData;
import dev.tdb.postgres.message.BackendMessage;
import dev.tdb.postgres.message.ErrorResponse;
import dev.tdb.postgres.message.NegotiateProtocolVersion;
import dev.tdb.postgres.message.NoticeResponse;
import dev.tdb.postgres.message.ParameterStatus;
import dev.tdb.postgres.message.PasswordMessage;
import dev.tdb.postgres.message.ReadyForQuery;
import dev.tdb.postgres.message.SASLInitialResponse;
import dev.tdb.proxy.credential.ScramClientFirst;
import dev.tdb.proxy.credential.ScramClientFirst.Binding;
import dev.tdb.proxy.credential.Secret;
import dev.tdb.proxy.refusal.ProtocolViolation;
import java.util.List;
import java.util.Optional;

/** The StartupMessage was sent; the server says what proof it wants. */
record Authenticating(boolean isTls) implements LoginTalk {

    @Override
    public LoginState onMessage(BackendMessage message, LoginContext context) {
        return switch (message) {
            case Authentication asked -> answer(asked, context);
            case NegotiateProtocolVersion negotiated -> accept(negotiated);
            case BackendKeyData _, ErrorResponse _, NoticeResponse _, ParameterStatus _, ReadyForQuery _ ->
                throw unexpected(message);
        };
    }

    /** We asked for the oldest version and no option, so that nothing is left to bargain about. */
    private LoginState accept(NegotiateProtocolVersion negotiated) {
        if (negotiated.minorVersion() != 0) {
            throw new ProtocolViolation("a newer protocol than was asked for");
        }
        return this;
    }

    private LoginState answer(Authentication asked, LoginContext context) {
        return switch (asked) {
            case AuthenticationOk _ -> AwaitingReady.begin();
            case AuthenticationCleartextPassword _ -> {
                if (!isTls) {
                    throw new ProtocolViolation("the password was asked for without TLS");
                }
                yield give(context.login().password(), context);
            }
            case AuthenticationMD5Password(Secret salt) -> give(Md5Password.of(context.login(), salt), context);
            case AuthenticationSASL(List<String> mechanisms) -> startScram(mechanisms, context);
            case AuthenticationSASLContinue _, AuthenticationSASLFinal _ -> throw unexpected(asked);
        };
    }

    private static LoginState give(Secret password, LoginContext context) {
        context.send(new PasswordMessage(password)::encode);
        return new AwaitingAuthenticationOk();
    }

    private LoginState startScram(List<String> mechanisms, LoginContext context) {
        Optional<byte[]> endPoint = isTls ? context.actions().tlsServerEndPoint() : Optional.empty();
        boolean isPlus = endPoint.isPresent() && mechanisms.contains(AuthenticationSASL.SCRAM_SHA_256_PLUS);
        if (!isPlus && !mechanisms.contains(AuthenticationSASL.SCRAM_SHA_256)) {
            throw new ProtocolViolation("no SASL mechanism that we have: " + mechanisms);
        }
        ScramClientFirst first = ScramClientFirst.of(binding(isPlus, endPoint.isPresent()), "");
        String mechanism = isPlus ? AuthenticationSASL.SCRAM_SHA_256_PLUS : AuthenticationSASL.SCRAM_SHA_256;
        context.send(new SASLInitialResponse(mechanism, first.text())::encode);
        return new AwaitingServerFirst(first, Secret.of(isPlus ? endPoint.get() : new byte[0]));
    }

    /** Says whether we could have bound the channel: a server that did offer it then knows of a man between us. */
    private static Binding binding(boolean isPlus, boolean isPossible) {
        if (isPlus) {
            return new Binding.Used(ScramClientFirst.TLS_SERVER_END_POINT);
        }
        return isPossible ? new Binding.Unoffered() : new Binding.None();
    }
}
