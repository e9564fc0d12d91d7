package dev.tdb.postgres.frontend;

import static dev.tdb.postgres.frontend.HandshakeClient.one;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tdb.postgres.message.AuthenticationSASL;
import dev.tdb.postgres.message.AuthenticationSASLContinue;
import dev.tdb.postgres.message.SASLInitialResponse;
import dev.tdb.postgres.message.SASLResponse;
import dev.tdb.postgres.message.Terminate;
import dev.tdb.proxy.credential.Credential;
import dev.tdb.proxy.refusal.ProtocolViolation;
import dev.tdb.proxy.refusal.Refusal;
import dev.tdb.proxy.route.DatabaseName;
import dev.tdb.proxy.route.Engine;
import dev.tdb.proxy.route.RouteKey;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Proof by SCRAM-SHA-256, against a client library that is not ours. */
class ScramLoginTest {
    private static final String DATABASE = "orders__acme";

    private static HandshakeClient client() {
        HandshakeClient client = new HandshakeClient();
        client.actions.book = Book.CREDENTIALS;
        return client;
    }

    private static HandshakeClient started(String user, String database) {
        return client().start("user", user, "database", database);
    }

    @Test
    void eachPasswordThatCoversTheDatabaseLetsInAsItself() {
        for (Credential credential : List.of(Book.TENANT, Book.BLUEPRINT)) {
            HandshakeClient client = started(Book.USER, DATABASE);

            Optional<String> mechanism = client.scram(credential.id());

            assertThat(mechanism).contains("SCRAM-SHA-256");
            assertThat(client.actions.events).containsExactly("succeed");
            RouteKey route = new RouteKey(Engine.POSTGRES, credential.project(), new DatabaseName("orders", "acme"));
            assertThat(one(client.actions.logins).credential()).isEqualTo(credential);
            assertThat(one(client.actions.logins).route()).isEqualTo(route);
            assertThat(one(client.starts)).isEqualTo(new SessionStart(route, credential, 0, Map.of()));
            assertThat(one(client.cancelSecrets).length()).isEqualTo(4);
        }
    }

    @Test
    void inTlsTheChannelIsBound() {
        HandshakeClient client = client();
        client.send(new dev.tdb.postgres.message.SSLRequest()::encode);
        client.actions.takeSent();
        client.tlsStands((byte) 1, (byte) 2, (byte) 3).startWith(2, "user", Book.USER, "database", DATABASE);

        Optional<String> mechanism = client.scram(Book.TENANT.id());

        assertThat(mechanism).contains("SCRAM-SHA-256-PLUS");
        assertThat(client.actions.events).containsExactly("startTls", "succeed");
        assertThat(one(client.starts).minorVersion()).isEqualTo(2);
        assertThat(one(client.cancelSecrets).length()).isEqualTo(32);
    }

    @ParameterizedTest
    @CsvSource({
        "tdb_shop, orders__acme, wrong",
        "tdb_shop, orders__acme, of-the-past",
        "tdb_shop, orders__acme, of-globex",
        "tdb_shop, other__globex, of-orders",
        "tdb_shop, orders, of-orders",
        "tdb_shop, orders___acme, of-acme",
        "tdb_shop, tdb_shop, of-project",
        "nobody, orders__acme, of-acme",
        "nobody, nowhere, of-acme",
        "an_unbelievably_long_user_name_of_more_than_sixty_three_characters, orders__acme, x",
    })
    void everyWrongLoginLooksLikeAWrongPassword(String user, String database, String password) {
        HandshakeClient client = started(user, database);

        Optional<String> mechanism = client.scram(password);

        assertThat(mechanism).isEmpty();
        assertThat(client.actions.events).containsExactly("failed " + user);
    }

    @Test
    void aPasswordOfTheProjectIsToldThatItReachesNoDatabase() {
        HandshakeClient client = started(Book.USER, DATABASE);

        client.scram(Book.PROJECT.id());

        assertThat(client.actions.refusals).containsExactly(new Refusal.ScopeDenied(DATABASE));
    }

    @Test
    void anUnknownUserIsShownTheSameSaltEveryTimeAndNotThatOfAnother() {
        assertThat(saltShownTo("nobody")).isEqualTo(saltShownTo("nobody")).isNotEqualTo(saltShownTo("noone"));
    }

    @Test
    void aKnownUserIsShownTheSameSaltForEveryDatabase() {
        assertThat(saltShown(Book.USER, "orders__nothing")).isEqualTo(saltShown(Book.USER, DATABASE));
    }

    private static String saltShownTo(String user) {
        return saltShown(user, DATABASE);
    }

    private static String saltShown(String user, String database) {
        HandshakeClient client = started(user, database);
        client.received();
        client.send(new SASLInitialResponse("SCRAM-SHA-256", "n,,n=,r=abc")::encode);
        String challenge = ((AuthenticationSASLContinue) one(client.received())).data();
        return challenge.substring(challenge.indexOf(",s="));
    }

    @Test
    void aClientMayWaitToBeAskedForItsFirstMessage() {
        HandshakeClient client = started(Book.USER, DATABASE);
        client.received();

        client.send(new SASLInitialResponse("SCRAM-SHA-256", "")::encode);

        assertThat(client.received()).containsExactly(new AuthenticationSASLContinue(""));
        client.send(new SASLResponse("n,,n=,r=abc")::encode);
        assertThat(((AuthenticationSASLContinue) one(client.received())).data()).startsWith("r=abc");
    }

    @Test
    void plusIsOfferedOnlyWhereTheChannelCanBeBound() {
        HandshakeClient client = started(Book.USER, DATABASE);

        assertThat(client.received()).containsExactly(new AuthenticationSASL(List.of("SCRAM-SHA-256")));
    }

    private static HandshakeClient asked(boolean isTls) {
        HandshakeClient client = client();
        if (isTls) {
            client.actions.isTlsActive = true;
            client.actions.endPoint = Optional.of(new byte[] {1});
        }
        client.start("user", Book.USER, "database", DATABASE);
        client.received();
        return client;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "false | SCRAM-SHA-256-PLUS | p=tls-server-end-point,,n=,r=abc", // not offered
                "false | SCRAM-SHA-256 | p=tls-server-end-point,,n=,r=abc",
                "false | SCRAM-SHA-1 | n,,n=,r=abc",
                "true | SCRAM-SHA-256-PLUS | n,,n=,r=abc",
                "true | SCRAM-SHA-256-PLUS | y,,n=,r=abc",
                "true | SCRAM-SHA-256-PLUS | p=tls-unique,,n=,r=abc",
                "true | SCRAM-SHA-256 | y,,n=,r=abc", // somebody took PLUS off the list
                "true | SCRAM-SHA-256 | p=tls-server-end-point,,n=,r=abc",
                "true | SCRAM-SHA-256 | nonsense",
            })
    void whatBreaksTheRulesOfTheMechanismsIsAViolation(boolean isTls, String mechanism, String data) {
        HandshakeClient client = asked(isTls);

        assertThatThrownBy(() -> client.send(new SASLInitialResponse(mechanism, data)::encode))
                .isInstanceOf(ProtocolViolation.class);
        assertThat(client.actions.events).isEmpty();
    }

    @Test
    void aClientWithoutChannelBindingIsLetInOverTlsToo() {
        HandshakeClient client = asked(true);

        client.send(new SASLInitialResponse("SCRAM-SHA-256", "n,,n=,r=abc")::encode);

        assertThat(one(client.received())).isInstanceOf(AuthenticationSASLContinue.class);
    }

    @Test
    void aClientThatCouldBindIsBelievedWhereNothingWasOffered() {
        HandshakeClient client = asked(false);

        client.send(new SASLInitialResponse("SCRAM-SHA-256", "y,,n=,r=abc")::encode);

        assertThat(one(client.received())).isInstanceOf(AuthenticationSASLContinue.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -2, 1, 10, 12, 1_000_000, Integer.MAX_VALUE, Integer.MIN_VALUE})
    void aResponseWhoseInnerLengthIsNotItsOwnIsAViolation(int length) {
        HandshakeClient client = asked(false);

        assertThatThrownBy(() -> client.send(out -> {
                    byte[] mechanism = "SCRAM-SHA-256\0".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
                    byte[] data = "n,,n=,r=abc".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
                    out.writeByte('p').writeInt(4 + mechanism.length + 4 + data.length);
                    out.writeBytes(mechanism).writeInt(length).writeBytes(data);
                }))
                .isInstanceOf(ProtocolViolation.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 3, 1025, Integer.MAX_VALUE})
    void aMessageOfImpossibleLengthIsAViolationBeforeItIsWhole(int length) {
        HandshakeClient client = asked(false);

        assertThatThrownBy(() -> client.send(out -> out.writeByte('p').writeInt(length)))
                .isInstanceOf(ProtocolViolation.class);
    }

    @Test
    void anotherMessageThanAResponseIsAViolation() {
        HandshakeClient client = asked(false);

        assertThatThrownBy(() -> client.send(new dev.tdb.postgres.message.Query("select 1")::encode))
                .isInstanceOf(ProtocolViolation.class);
    }

    @Test
    void aClientThatSaysGoodbyeInsteadIsClosedWithoutAWord() {
        HandshakeClient client = asked(false);

        client.send(new Terminate()::encode);

        assertThat(client.actions.events).containsExactly("close");
        assertThat(client.actions.takeSent().isReadable()).isFalse();
    }

    @Test
    void whatIsPipelinedBehindTheProofIsLeftForTheSession() {
        HandshakeClient client = started(Book.USER, DATABASE);
        client.scram(Book.TENANT.id());

        client.send(new dev.tdb.postgres.message.Query("select 1")::encode);

        assertThat(client.unreadBytes()).isEqualTo(14);
        assertThat(client.actions.events).containsExactly("succeed");
    }
}
