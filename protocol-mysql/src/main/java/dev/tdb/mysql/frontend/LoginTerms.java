package dev.tdb.mysql.frontend;

import dev.tdb.mysql.message.AuthData;
import dev.tdb.mysql.message.AuthMoreData;
import dev.tdb.mysql.message.AuthPlugin;
import dev.tdb.mysql.message.AuthSwitchRequest;
import dev.tdb.mysql.message.Capabilities;
import dev.tdb.mysql.message.ErrPacket;
import dev.tdb.mysql.message.HandshakeResponse41;
import dev.tdb.mysql.message.HandshakeV10;
import dev.tdb.mysql.message.Packets;
import dev.tdb.mysql.message.ServerStatus;
import dev.tdb.proxy.credential.Candidates.Verdict;
import dev.tdb.proxy.credential.Credential;
import dev.tdb.proxy.credential.CredentialBook;
import dev.tdb.proxy.credential.DoubleHash;
import dev.tdb.proxy.credential.Secret;
import dev.tdb.proxy.frontend.ClientHandshake.Actions;
import dev.tdb.proxy.refusal.Refusal;
import io.netty.buffer.ByteBuf;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * On what terms a client gets in: what it is asked for, and what becomes of its answer.
 *
 * @param version of the server that clients take us for
 * @param authPlugin what clients are asked to prove a password with, as long as they do not choose otherwise
 * @param capabilities that clients are offered
 * @param key for passwords that come without TLS
 * @param onWorked is told what was done off the event loop
 * @param onAdmitted is told as whom the client is in
 */
record LoginTerms(
        String version,
        String authPlugin,
        int capabilities,
        InstantSource clock,
        RsaKey key,
        Consumer<Secret> onWorked,
        Consumer<SessionStart> onAdmitted) {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int UTF8MB4_GENERAL_CI = 45;

    /** What we can do for clients, whatever their servers. */
    static final int OFFERED = Capabilities.LONG_PASSWORD
            | Capabilities.FOUND_ROWS
            | Capabilities.LONG_FLAG
            | Capabilities.CONNECT_WITH_DB
            | Capabilities.NO_SCHEMA
            | Capabilities.COMPRESS
            | Capabilities.ODBC
            | Capabilities.LOCAL_FILES
            | Capabilities.IGNORE_SPACE
            | Capabilities.PROTOCOL_41
            | Capabilities.INTERACTIVE
            | Capabilities.IGNORE_SIGPIPE
            | Capabilities.TRANSACTIONS
            | Capabilities.RESERVED2
            | Capabilities.MULTI_STATEMENTS
            | Capabilities.MULTI_RESULTS
            | Capabilities.PS_MULTI_RESULTS
            | Capabilities.PLUGIN_AUTH
            | Capabilities.CONNECT_ATTRS
            | Capabilities.PLUGIN_AUTH_LENENC_CLIENT_DATA
            | Capabilities.SESSION_TRACK
            | Capabilities.DEPRECATE_EOF;

    /** The same terms, for another login on the same connection. */
    LoginTerms andThen(Consumer<Secret> worked, Consumer<SessionStart> admitted) {
        return new LoginTerms(version, authPlugin, capabilities, clock, key, worked, admitted);
    }

    /** Speaks first. */
    HandshakeState greet(Actions actions) {
        Secret nonce = nonce();
        HandshakeV10 greeting = new HandshakeV10(
                version,
                actions.sessionNumber(),
                nonce,
                capabilities | (actions.isTlsOffered() ? Capabilities.SSL : 0),
                UTF8MB4_GENERAL_CI,
                ServerStatus.AUTOCOMMIT,
                authPlugin);
        send(actions, 0, greeting::encode);
        return new AwaitingLogin(this, nonce);
    }

    /** The client says who it is, as a rule with a proof. */
    HandshakeState judge(HandshakeResponse41 response, Secret nonce, int sequence, Actions actions) {
        if (!actions.isTlsActive() && !actions.isPlaintextAllowed()) {
            return reject(new Refusal.TlsRequired(), actions);
        }
        Optional<Refusal> throttled = actions.throttled(response.user());
        if (throttled.isPresent()) {
            return reject(throttled.get(), actions);
        }
        Applicant applicant = Applicant.of(response, actions.credentials(), clock.instant());
        String plugin = response.authPlugin().isEmpty() ? AuthPlugin.NATIVE : response.authPlugin();
        if (isMoreAskedThanProof(actions)) {
            return judgeByPassword(applicant, plugin, nonce, sequence, actions);
        }
        return switch (plugin) {
            case AuthPlugin.NATIVE ->
                applicant.needsSha256()
                        ? switchTo(AuthPlugin.CACHING_SHA2, applicant, sequence, actions)
                        : conclude(applicant, plugin, new AuthData(response.authResponse()), nonce, sequence, actions);
            case AuthPlugin.CACHING_SHA2 ->
                conclude(applicant, plugin, new AuthData(response.authResponse()), nonce, sequence, actions);
            case AuthPlugin.CLEAR ->
                actions.isTlsActive()
                        ? conclude(applicant, plugin, new AuthData(response.authResponse()), nonce, sequence, actions)
                        : switchTo(authPlugin, applicant, sequence, actions);
            default -> switchTo(authPlugin, applicant, sequence, actions);
        };
    }

    /**
     * A client that is in says that it is somebody else, or somewhere else. Drivers are not of one mind on which nonce their
     * first proof is made with, or make none: one that does not fit is asked for again.
     */
    HandshakeState judgeAgain(HandshakeResponse41 response, Secret nonce, int sequence, Actions actions) {
        Optional<Refusal> throttled = actions.throttled(response.user());
        if (throttled.isPresent()) {
            return reject(throttled.get(), actions);
        }
        Applicant applicant = Applicant.of(response, actions.credentials(), clock.instant());
        String plugin = response.authPlugin().isEmpty() ? AuthPlugin.NATIVE : response.authPlugin();
        boolean isProof = plugin.equals(AuthPlugin.NATIVE) || plugin.equals(AuthPlugin.CACHING_SHA2);
        if (isMoreAskedThanProof(actions)) {
            boolean shows = actions.isTlsActive() && !plugin.equals(AuthPlugin.CACHING_SHA2);
            return switchTo(shows ? AuthPlugin.CLEAR : AuthPlugin.CACHING_SHA2, applicant, sequence, actions);
        }
        AuthData proof = new AuthData(response.authResponse());
        if (isProof && applicant.candidates().judge(fits(plugin, proof, nonce)) instanceof Verdict.Admitted) {
            return conclude(applicant, plugin, proof, nonce, sequence, actions);
        }
        boolean other = !isProof || (plugin.equals(AuthPlugin.NATIVE) && applicant.needsSha256());
        String fallback = applicant.needsSha256() ? AuthPlugin.CACHING_SHA2 : authPlugin;
        return switchTo(other ? fallback : plugin, applicant, sequence, actions);
    }

    private HandshakeState switchTo(String plugin, Applicant applicant, int sequence, Actions actions) {
        Secret nonce = nonce();
        send(actions, sequence + 1, new AuthSwitchRequest(plugin, nonce)::encode);
        return new AwaitingProof(this, applicant, plugin, nonce);
    }

    /** Whether clients show their password, as caching_sha2_password calls it in full. */
    boolean isMoreAskedThanProof(Actions actions) {
        return actions.isCleartextPasswordAsked();
    }

    /** Where the listener wants to see it: in the way that the client's plugin has for that. */
    private HandshakeState judgeByPassword(
            Applicant applicant, String plugin, Secret nonce, int sequence, Actions actions) {
        if (plugin.equals(AuthPlugin.CACHING_SHA2)) {
            return askPassword(applicant, nonce, sequence, actions);
        }
        if (!actions.isTlsActive()) {
            return switchTo(AuthPlugin.CACHING_SHA2, applicant, sequence, actions);
        }
        AuthData said = new AuthData(applicant.response().authResponse());
        return plugin.equals(AuthPlugin.CLEAR)
                ? conclude(applicant, plugin, said, nonce, sequence, actions)
                : switchTo(AuthPlugin.CLEAR, applicant, sequence, actions);
    }

    /** Within TLS it comes as it is, and enciphered without. */
    HandshakeState askPassword(Applicant applicant, Secret nonce, int sequence, Actions actions) {
        byte[] full = {AuthMoreData.PERFORM_FULL_AUTHENTICATION};
        send(actions, sequence + 1, new AuthMoreData(Secret.of(full))::encode);
        return actions.isTlsActive()
                ? new AwaitingProof(this, applicant, AuthPlugin.CLEAR, nonce)
                : new AwaitingPassword(this, applicant, nonce);
    }

    void offLoop(Supplier<Secret> work, Actions actions) {
        actions.offLoop(work, onWorked);
    }

    /** Lets the client in, or not. */
    HandshakeState conclude(
            Applicant applicant, String plugin, AuthData answer, Secret nonce, int sequence, Actions actions) {
        HandshakeResponse41 response = applicant.response();
        switch (applicant.candidates().judge(fits(plugin, answer, nonce))) {
            case Verdict.Admitted(Credential credential) ->
                applicant
                        .place(credential, actions)
                        .ifPresentOrElse(
                                place -> admit(place, response, plugin, nonce, sequence, actions),
                                () -> actions.reject(new Refusal.UnknownDatabase(response.database())));
            case Verdict.OutOfScope _ -> actions.reject(new Refusal.ScopeDenied(response.database()));
            case Verdict.Unknown _ -> actions.failed(response.user());
        }
        return new HandshakeOver();
    }

    private static Predicate<Credential> fits(String plugin, AuthData answer, Secret nonce) {
        return switch (plugin) {
            case AuthPlugin.NATIVE -> credential -> DoubleHash.SHA1.isBy(answer.data(), nonce, credential.doubleSha1());
            case AuthPlugin.CACHING_SHA2 ->
                credential -> DoubleHash.SHA256.isBy(answer.data(), nonce, credential.doubleSha256());
            default -> {
                Secret token = CredentialBook.tokenSha256(answer.password());
                yield credential -> token.equals(credential.tokenSha256());
            }
        };
    }

    private void admit(
            Place place, HandshakeResponse41 response, String plugin, Secret nonce, int sequence, Actions actions) {
        int next = sequence + 1;
        if (plugin.equals(AuthPlugin.CACHING_SHA2)) {
            byte[] fast = {AuthMoreData.FAST_AUTH_SUCCESS};
            send(actions, next, new AuthMoreData(Secret.of(fast))::encode);
            next++;
        }
        SessionStart start = new SessionStart(
                place, response.capabilities() & capabilities, response.collation(), nonce, next & 0xff);
        onAdmitted.accept(start);
    }

    private static HandshakeState reject(Refusal refusal, Actions actions) {
        actions.reject(refusal);
        return new HandshakeOver();
    }

    static ByteBuf error(Actions actions, Refusal refusal, int sequence) {
        ByteBuf out = actions.allocator().buffer();
        Packets.write(out, sequence, ErrPacket.of(refusal)::encode);
        return out;
    }

    static void send(Actions actions, int sequence, Consumer<ByteBuf> payload) {
        ByteBuf out = actions.allocator().buffer();
        Packets.write(out, sequence, payload);
        actions.send(out);
    }

    /** Characters that a client may take for text: no zero, which would end it, and no dollar, as servers have it. */
    private static Secret nonce() {
        byte[] nonce = new byte[HandshakeV10.NONCE_BYTES];
        RANDOM.nextBytes(nonce);
        for (int i = 0; i < nonce.length; i++) {
            nonce[i] &= 0x7f;
            if (nonce[i] == 0 || nonce[i] == '$') {
                nonce[i]++;
            }
        }
        return Secret.of(nonce);
    }
}
