package dev.tdb.mysql.frontend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tdb.mysql.backend.RsaPassword;
import dev.tdb.mysql.message.AuthData;
import dev.tdb.mysql.message.AuthMoreData;
import dev.tdb.mysql.message.AuthPlugin;
import dev.tdb.mysql.message.AuthSwitchRequest;
import dev.tdb.mysql.message.Capabilities;
import dev.tdb.mysql.message.SSLRequest;
import dev.tdb.mysql.message.WholePacket;
import dev.tdb.proxy.credential.DoubleHash;
import dev.tdb.proxy.credential.ProjectId;
import dev.tdb.proxy.credential.Secret;
import dev.tdb.proxy.frontend.Login;
import dev.tdb.proxy.refusal.ProtocolViolation;
import dev.tdb.proxy.refusal.Refusal;
import dev.tdb.proxy.route.DatabaseName;
import dev.tdb.proxy.route.Engine;
import dev.tdb.proxy.route.RouteKey;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HandshakeTest {
    private static final Secret PASSWORD = HandshakeClient.PASSWORD;

    private final HandshakeClient client = new HandshakeClient(AuthPlugin.NATIVE);

    @Test
    void theGreetingSaysWhoWeAreAndWhatWeCan() {
        assertThat(client.greeting.serverVersion()).isEqualTo("11.4.5-MariaDB");
        assertThat(client.greeting.connectionId()).isEqualTo(7);
        assertThat(client.greeting.authPlugin()).isEqualTo(AuthPlugin.NATIVE);
        assertThat(Capabilities.has(client.greeting.capabilities(), Capabilities.SSL))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {AuthPlugin.NATIVE, AuthPlugin.CACHING_SHA2})
    void whoKnowsThePasswordIsLetInByEitherPlugin(String plugin) {
        client.login(plugin, client.proof(plugin, client.greeting.nonce(), PASSWORD), "shop__acme");

        assertThat(client.actions.logins).singleElement().satisfies(login -> {
            assertThat(login.credential().id()).isEqualTo("key_1");
            assertThat(login.route().database()).hasToString("shop__acme");
        });
        if (plugin.equals(AuthPlugin.CACHING_SHA2)) {
            AuthMoreData more = AuthMoreData.decode(client.received().payload());
            assertThat(more.is(AuthMoreData.FAST_AUTH_SUCCESS)).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {AuthPlugin.NATIVE, AuthPlugin.CACHING_SHA2})
    void whoDoesNotIsNot(String plugin) {
        client.login(plugin, client.proof(plugin, client.greeting.nonce(), Secret.of("not it")), "shop__acme");

        assertThat(client.actions.logins).isEmpty();
        assertThat(client.actions.events).containsExactly("failed " + HandshakeClient.USER);
    }

    @Test
    void whoAsksForCompressionHasItFromTheLoginOn() {
        client.login(
                HandshakeClient.CAPABILITIES | Capabilities.COMPRESS,
                AuthPlugin.NATIVE,
                client.proof(AuthPlugin.NATIVE, client.greeting.nonce(), PASSWORD),
                "shop__acme");

        assertThat(client.actions.events).containsExactly("encodeWith CompressedStream", "succeed");
    }

    @Test
    void anEmptyProofIsNoProof() {
        client.login(AuthPlugin.NATIVE, Secret.of(new byte[0]), "shop__acme");

        assertThat(client.actions.logins).isEmpty();
    }

    @Test
    void aClientOfAnotherPluginIsAskedToSwitchToOurs() {
        client.login("auth_gssapi_client", Secret.of("whatever"), "shop__acme");
        AuthSwitchRequest request = AuthSwitchRequest.decode(client.received().payload());
        assertThat(request.plugin()).isEqualTo(AuthPlugin.NATIVE);

        client.answer(DoubleHash.SHA1.answer(PASSWORD, request.nonce()));

        assertThat(client.actions.logins).hasSize(1);
    }

    @Test
    void anAnswerToAnotherQuestionIsWrong() {
        client.login("auth_gssapi_client", Secret.of("whatever"), "shop__acme");

        client.answer(DoubleHash.SHA1.answer(PASSWORD, client.greeting.nonce()));

        assertThat(client.actions.logins).isEmpty();
    }

    @Test
    void aPasswordIsNotTakenInTheClear() {
        client.login(AuthPlugin.CLEAR, AuthData.ofPassword(PASSWORD).data(), "shop__acme");

        assertThat(client.actions.logins).isEmpty();
        assertThat(AuthSwitchRequest.decode(client.received().payload()).plugin())
                .isEqualTo(AuthPlugin.NATIVE);
    }

    @Test
    void withinTlsItIs() {
        client.startTls();
        client.login(AuthPlugin.CLEAR, AuthData.ofPassword(PASSWORD).data(), "shop__acme");

        assertThat(client.actions.logins).hasSize(1);
    }

    @Test
    void aListenerThatWantsThePasswordAsksForItWithinTls() {
        client.actions.isCleartextPasswordAsked = true;
        client.startTls();
        client.login(
                AuthPlugin.CACHING_SHA2,
                client.proof(AuthPlugin.CACHING_SHA2, client.greeting.nonce(), PASSWORD),
                "shop__acme");
        AuthMoreData more = AuthMoreData.decode(client.received().payload());
        assertThat(more.is(AuthMoreData.PERFORM_FULL_AUTHENTICATION)).isTrue();

        client.answer(AuthData.ofPassword(PASSWORD).data());

        assertThat(client.actions.logins).hasSize(1);
    }

    @Test
    void whatIsSentBehindARequestForTlsIsPartOfTlsAndNeverAPacket() {
        ByteBuf request = client.packet(new SSLRequest(HandshakeClient.CAPABILITIES, 1 << 30, 45)::encode);
        byte[] behind = {0, 0, 0, 2};

        client.send(Unpooled.wrappedBuffer(request, Unpooled.wrappedBuffer(behind)));

        assertThat(client.actions.events).containsExactly("startTls");
        assertThat(client.actions.alreadyRead).isEqualTo(behind);
    }

    @Test
    void withoutTlsNobodyGetsInWhoMayNot() {
        client.actions.isPlaintextAllowed = false;

        client.loginWithNative("shop__acme");

        assertThat(client.actions.refusals).containsExactly(new Refusal.TlsRequired());
    }

    @Test
    void whoFailedTooOftenIsNotLookedAt() {
        Refusal refusal = new Refusal.RateLimited(Duration.ofSeconds(9));
        client.actions.throttled = Optional.of(refusal);

        client.loginWithNative("shop__acme");

        assertThat(client.actions.refusals).containsExactly(refusal);
    }

    @Test
    void whoNamesNoDatabaseIsOnTheServerOfOneThatItReaches() {
        client.actions.anyRoute = Optional.of(
                new RouteKey(Engine.MYSQL, new ProjectId(HandshakeClient.USER), new DatabaseName("shop", "acme")));

        client.loginWithNative("");

        Login login = client.actions.logins.getFirst();
        assertThat(login.route().database()).hasToString("shop__acme");
        assertThat(login.conversation().profile().parameters()).containsEntry("database", "none");
    }

    @Test
    void whoReachesNoDatabaseGetsIntoNone() {
        client.loginWithNative("");

        assertThat(client.actions.refusals).containsExactly(new Refusal.UnknownDatabase(""));
    }

    @Test
    void aWrongPasswordGetsIntoNoDatabaseEither() {
        client.login(AuthPlugin.NATIVE, Secret.of(new byte[20]), "");

        assertThat(client.actions.events).contains("failed " + HandshakeClient.USER);
    }

    @Test
    void anotherTenantsDatabaseIsOutOfReach() {
        client.loginWithNative("shop__other");

        assertThat(client.actions.logins).isEmpty();
    }

    @Test
    void aRefusalIsTheNextPacket() {
        client.handshake.refuse(new Refusal.ShuttingDown());

        assertThat(Wire.read(client.sent())).singleElement().asString().startsWith("1 ff1d04");
    }

    @Test
    void aClientOfBefore41IsAViolation() {
        assertThatThrownBy(() -> client.send(client.packet(out -> out.writeZero(40))))
                .isInstanceOf(ProtocolViolation.class);
    }

    // ---- the password itself, without TLS

    private static final Secret NONE_OF_OURS = Secret.of("another nonce, twenty");

    private Secret encipher(Secret password, Secret nonce) throws GeneralSecurityException {
        WholePacket key = client.received();
        assertThat(key.first()).isEqualTo(AuthMoreData.FIRST);
        String pem = new AuthData(AuthMoreData.decode(key.payload()).data()).text();
        return Secret.of(RsaPassword.encipher(password, nonce, pem));
    }

    private void wantsKey() {
        assertThat(AuthMoreData.decode(client.received().payload()).is(AuthMoreData.PERFORM_FULL_AUTHENTICATION))
                .isTrue();
        client.answer(Secret.of(new byte[] {AuthMoreData.REQUEST_PUBLIC_KEY}));
        client.actions.runLater();
    }

    @Test
    void aPasswordMayBeAskedForUnderOurKey() throws GeneralSecurityException {
        client.actions.isCleartextPasswordAsked = true;
        client.login(
                AuthPlugin.CACHING_SHA2,
                client.proof(AuthPlugin.CACHING_SHA2, client.greeting.nonce(), HandshakeClient.PASSWORD),
                "shop__acme");
        wantsKey();
        client.answer(encipher(HandshakeClient.PASSWORD, client.greeting.nonce()));
        assertThat(client.actions.logins).isEmpty();

        client.actions.runLater();

        assertThat(client.actions.logins).hasSize(1);
    }

    @Test
    void aClientOfAnotherPluginIsSwitchedToTheOneThatCanDoThat() throws GeneralSecurityException {
        client.actions.isCleartextPasswordAsked = true;
        client.loginWithNative("shop__acme");
        AuthSwitchRequest request = AuthSwitchRequest.decode(client.received().payload());
        assertThat(request.plugin()).isEqualTo(AuthPlugin.CACHING_SHA2);
        client.answer(client.proof(AuthPlugin.CACHING_SHA2, request.nonce(), HandshakeClient.PASSWORD));
        wantsKey();
        client.answer(encipher(HandshakeClient.PASSWORD, request.nonce()));

        client.actions.runLater();

        assertThat(client.actions.logins).hasSize(1);
    }

    @Test
    void aWrongPasswordUnderOurKeyOrTheRightOneUnderAnotherNonceIsNoPassword() throws GeneralSecurityException {
        for (Secret nonce : List.of(client.greeting.nonce(), NONE_OF_OURS)) {
            HandshakeClient other = new HandshakeClient(AuthPlugin.CACHING_SHA2);
            other.actions.isCleartextPasswordAsked = true;
            other.login(AuthPlugin.CACHING_SHA2, Secret.of(new byte[32]), "shop__acme");
            other.received();
            other.answer(Secret.of(new byte[] {AuthMoreData.REQUEST_PUBLIC_KEY}));
            other.actions.runLater();
            String pem =
                    new AuthData(AuthMoreData.decode(other.received().payload()).data()).text();
            Secret password = nonce.equals(NONE_OF_OURS) ? HandshakeClient.PASSWORD : Secret.of("wrong");
            other.answer(Secret.of(
                    RsaPassword.encipher(password, nonce.equals(NONE_OF_OURS) ? nonce : other.greeting.nonce(), pem)));

            other.actions.runLater();

            assertThat(other.actions.events).contains("failed " + HandshakeClient.USER);
        }
    }

    @Test
    void aPasswordThatIsNotEncipheredIsNotLookedAt() {
        client.actions.isCleartextPasswordAsked = true;
        client.login(AuthPlugin.CACHING_SHA2, Secret.of(new byte[32]), "shop__acme");

        assertThatThrownBy(() -> client.answer(HandshakeClient.PASSWORD)).isInstanceOf(ProtocolViolation.class);
    }
}
