package dev.tdb.postgres.frontend;

import static dev.tdb.postgres.frontend.HandshakeClient.one;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tdb.postgres.message.AuthenticationCleartextPassword;
import dev.tdb.postgres.message.AuthenticationSASL;
import dev.tdb.proxy.refusal.ProtocolViolation;
import dev.tdb.proxy.refusal.Refusal;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Proof by the password itself, where a listener asks for it. */
class CleartextLoginTest {
    private static HandshakeClient asked() {
        HandshakeClient client = new HandshakeClient();
        client.actions.book = Book.CREDENTIALS;
        client.actions.isCleartextPasswordAsked = true;
        client.actions.isTlsActive = true;
        client.actions.endPoint = Optional.of(new byte[] {1});
        client.start("user", Book.USER, "database", "orders__acme");
        assertThat(client.received()).containsExactly(new AuthenticationCleartextPassword());
        return client;
    }

    @Test
    void aPasswordThatCoversTheDatabaseLetsIn() {
        HandshakeClient client = asked();

        client.password(Book.BLUEPRINT.id());

        assertThat(client.actions.events).containsExactly("succeed");
        assertThat(one(client.actions.logins).credential()).isEqualTo(Book.BLUEPRINT);
        assertThat(client.received()).isEmpty();
    }

    @Test
    void anotherDoesNot() {
        HandshakeClient client = asked();

        client.password(Book.OTHER_TENANT.id());

        assertThat(client.actions.events).containsExactly("failed " + Book.USER);
    }

    @Test
    void noPasswordAtAllDoesNot() {
        HandshakeClient client = asked();

        client.password("");

        assertThat(client.actions.events).containsExactly("failed " + Book.USER);
    }

    @Test
    void oneOfTheProjectIsOutOfScope() {
        HandshakeClient client = asked();

        client.password(Book.PROJECT.id());

        assertThat(client.actions.refusals).containsExactly(new Refusal.ScopeDenied("orders__acme"));
    }

    @Test
    void withoutTlsItIsNotAskedFor() {
        HandshakeClient client = new HandshakeClient();
        client.actions.isCleartextPasswordAsked = true;

        client.start("user", Book.USER);

        assertThat(one(client.received())).isInstanceOf(AuthenticationSASL.class);
    }

    @Test
    void aPasswordWithAZeroInItIsAViolation() {
        HandshakeClient client = asked();

        assertThatThrownBy(() -> client.sendBytes(
                        (byte) 'p', (byte) 0, (byte) 0, (byte) 0, (byte) 8, (byte) 'a', (byte) 0, (byte) 'b', (byte) 0))
                .isInstanceOf(ProtocolViolation.class);
    }
}
