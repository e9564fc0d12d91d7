package dev.tdb.postgres.frontend;

import static dev.tdb.postgres.frontend.HandshakeClient.one;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tdb.postgres.message.AuthenticationSASL;
import dev.tdb.postgres.message.ErrorResponse;
import dev.tdb.postgres.message.GSSENCRequest;
import dev.tdb.postgres.message.SSLRequest;
import dev.tdb.proxy.refusal.ProtocolViolation;
import dev.tdb.proxy.refusal.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What a client may ask for before it says who it is. */
class EncryptionTest {
    private static final byte[] CLIENT_HELLO = {0x16, 3, 1, 2, 0, 1};

    private static String sent(HandshakeClient client) {
        return client.actions.takeSent().toString(StandardCharsets.US_ASCII);
    }

    private static HandshakeClient ssl(HandshakeClient client) {
        return client.send(new SSLRequest()::encode);
    }

    private static HandshakeClient gss(HandshakeClient client) {
        return client.send(new GSSENCRequest()::encode);
    }

    private static HandshakeClient inTls() {
        HandshakeClient client = ssl(new HandshakeClient()).tlsStands((byte) 1);
        client.actions.takeSent();
        return client;
    }

    private static void assertViolation(HandshakeClient client, UnaryOperator<HandshakeClient> step) {
        assertThatThrownBy(() -> step.apply(client)).isInstanceOf(ProtocolViolation.class);
    }

    @Test
    void tlsBeginsAfterTheAnswerAndTheLoginWithinIt() {
        HandshakeClient client = ssl(new HandshakeClient());

        assertThat(sent(client)).isEqualTo("S");
        assertThat(client.actions.events).containsExactly("startTls");
        assertThat(client.actions.alreadyRead).isEmpty();
        client.tlsStands((byte) 1).start("user", "tdb_shop");
        assertThat(one(client.received())).isInstanceOf(AuthenticationSASL.class);
    }

    @Test
    void withoutTlsTheClientIsToldAndMayGoOn() {
        HandshakeClient client = new HandshakeClient();
        client.actions.isTlsOffered = false;

        ssl(client);

        assertThat(sent(client)).isEqualTo("N");
        assertThat(sent(gss(client))).isEqualTo("N");
        client.start("user", "tdb_shop");
        assertThat(one(client.received())).isInstanceOf(AuthenticationSASL.class);
    }

    @Test
    void gssapiIsRefusedAndTlsMayFollow() {
        HandshakeClient client = gss(new HandshakeClient());

        assertThat(sent(client)).isEqualTo("N");
        assertThat(sent(ssl(client))).isEqualTo("S");
    }

    @Test
    void eachIsAskedForOnce() {
        HandshakeClient client = new HandshakeClient();
        client.actions.isTlsOffered = false;

        assertViolation(ssl(client), EncryptionTest::ssl);
        assertViolation(gss(new HandshakeClient()), EncryptionTest::gss);
    }

    @Test
    void withinTlsThereIsNoMoreEncryptionToAskFor() {
        assertViolation(inTls(), EncryptionTest::ssl);
        assertViolation(inTls(), EncryptionTest::gss);
        assertViolation(inTls(), client -> client.sendBytes(CLIENT_HELLO));
    }

    @Test
    void whatComesBehindTheRequestInTheClearIsAViolation() {
        HandshakeClient refused = new HandshakeClient();
        refused.actions.isTlsOffered = false;

        assertViolation(
                new HandshakeClient(),
                client -> client.send(out -> {
                    new SSLRequest().encode(out);
                    out.writeByte(0);
                }));
        assertViolation(
                refused,
                client -> client.send(out -> {
                    new SSLRequest().encode(out);
                    out.writeByte(0);
                }));
        assertViolation(
                new HandshakeClient(),
                client -> client.send(out -> {
                    new GSSENCRequest().encode(out);
                    out.writeByte(0);
                }));
        assertThat(sent(refused)).isEmpty();
    }

    @Test
    void directTlsTakesWhatWasReadAlready() {
        HandshakeClient client = new HandshakeClient().sendBytes(CLIENT_HELLO);

        assertThat(client.actions.events).containsExactly("startTls");
        assertThat(client.actions.alreadyRead).isEqualTo(CLIENT_HELLO);
        assertThat(client.unreadBytes()).isZero();
        client.actions.applicationProtocol = Optional.of("postgresql");
        client.tlsStands((byte) 1).start("user", "tdb_shop");
        assertThat(one(client.received())).isInstanceOf(AuthenticationSASL.class);
    }

    @Test
    void directTlsMustNameTheProtocol() {
        HandshakeClient silent = new HandshakeClient().sendBytes(CLIENT_HELLO);
        HandshakeClient other = new HandshakeClient().sendBytes(CLIENT_HELLO);
        other.actions.applicationProtocol = Optional.of("http/1.1");

        assertViolation(silent, client -> client.tlsStands((byte) 1));
        assertViolation(other, client -> client.tlsStands((byte) 1));
    }

    @Test
    void directTlsIsForTheFirstByteOnlyAndWhereTlsIsOffered() {
        HandshakeClient plain = new HandshakeClient();
        plain.actions.isTlsOffered = false;

        assertViolation(plain, client -> client.sendBytes(CLIENT_HELLO));
        assertViolation(gss(new HandshakeClient()), client -> client.sendBytes(CLIENT_HELLO));
    }

    @Test
    void plaintextMayBeForbidden() {
        HandshakeClient client = new HandshakeClient();
        client.actions.isPlaintextAllowed = false;

        client.start("user", "tdb_shop");

        assertThat(client.actions.refusals).containsExactly(new Refusal.TlsRequired());
        assertThat(client.received()).isEmpty();
    }

    @Test
    void aRefusalIsAFatalErrorInEveryPhaseButOne() {
        HandshakeClient fresh = new HandshakeClient();
        HandshakeClient asked = new HandshakeClient().start("user", "tdb_shop");
        asked.received();
        HandshakeClient upgrading = ssl(new HandshakeClient());
        sent(upgrading);
        Refusal refusal = new Refusal.Suspended("orders__acme");

        fresh.handshake.refuse(refusal);
        asked.handshake.refuse(refusal);
        upgrading.handshake.refuse(refusal);

        ErrorResponse error = new ErrorResponse("FATAL", "55P03", refusal.sentence(), "");
        assertThat(fresh.received()).containsExactly(error);
        assertThat(asked.received()).containsExactly(error);
        assertThat(sent(upgrading)).isEmpty();
    }

    @Test
    void afterARefusalNothingIsReadAnyMore() {
        HandshakeClient client = new HandshakeClient();

        client.handshake.refuse(new Refusal.ShuttingDown());
        client.received();
        client.start("user", "tdb_shop");

        assertThat(client.received()).isEmpty();
    }
}
