package dev.tdb.postgres.frontend;

import dev.tdb.postgres.message.AuthenticationCleartextPassword;
import dev.tdb.postgres.message.AuthenticationSASL;
import dev.tdb.proxy.credential.Candidates.Verdict;
import dev.tdb.proxy.credential.Credential;
import dev.tdb.proxy.credential.Secret;
import dev.tdb.proxy.frontend.ClientHandshake.Actions;
import dev.tdb.proxy.frontend.Login;
import dev.tdb.proxy.refusal.Refusal;
import dev.tdb.proxy.route.DatabaseName;
import dev.tdb.proxy.route.Engine;
import dev.tdb.proxy.route.RouteKey;
import io.netty.buffer.ByteBuf;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;

/**
 * On what terms a client gets in: what it is asked for, and what becomes of its answer.
 *
 * @param conversations what a session is begun with
 * @param clock tells which credentials have expired
 */
record LoginTerms(ConversationStart conversations, InstantSource clock) {
    private static final int CANCEL_SECRET_BYTES = 4;
    private static final int LONG_CANCEL_SECRET_BYTES = 32; // from protocol 3.2 on
    private static final SecureRandom RANDOM = new SecureRandom();

    /** Asks for the proof that goes with the connection. */
    HandshakeState ask(SessionRequest request, Actions actions) {
        Applicant applicant = Applicant.of(request, actions.credentials(), clock.instant());
        ByteBuf out = actions.allocator().buffer();
        if (actions.isCleartextPasswordAsked() && actions.isTlsActive()) {
            new AuthenticationCleartextPassword().encode(out);
            actions.send(out);
            return new AwaitingPassword(this, applicant);
        }
        boolean isPlusOffered =
                actions.isTlsActive() && actions.tlsServerEndPoint().isPresent();
        List<String> mechanisms = isPlusOffered
                ? List.of(AuthenticationSASL.SCRAM_SHA_256_PLUS, AuthenticationSASL.SCRAM_SHA_256)
                : List.of(AuthenticationSASL.SCRAM_SHA_256);
        new AuthenticationSASL(mechanisms).encode(out);
        actions.send(out);
        return new AwaitingMechanism(this, applicant, isPlusOffered);
    }

    /** Lets the client in, or not. */
    HandshakeState conclude(Applicant applicant, Verdict verdict, Actions actions) {
        SessionRequest request = applicant.request();
        switch (verdict) {
            case Verdict.Admitted(Credential credential) -> actions.succeed(login(request, credential, actions));
            case Verdict.OutOfScope _ -> actions.reject(new Refusal.ScopeDenied(request.database()));
            case Verdict.Unknown _ -> actions.failed(request.user());
        }
        return new HandshakeOver();
    }

    private Login login(SessionRequest request, Credential credential, Actions actions) {
        DatabaseName database = DatabaseName.parse(request.database()).orElseThrow();
        RouteKey route = new RouteKey(Engine.POSTGRES, credential.project(), database);
        SessionStart start = new SessionStart(route, credential, request.minorVersion(), request.parameters());
        byte[] secret = new byte[request.minorVersion() >= 2 ? LONG_CANCEL_SECRET_BYTES : CANCEL_SECRET_BYTES];
        RANDOM.nextBytes(secret);
        return new Login(credential, route, conversations.begin(actions, start, Secret.of(secret)));
    }
}
