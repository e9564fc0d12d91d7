package dev.tdb.proxy.listen;

import static dev.tdb.proxy.listen.ToyRig.DB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tdb.proxy.credential.Credential;
import dev.tdb.proxy.hold.Hold;
import dev.tdb.proxy.toy.NoLeaks;
import dev.tdb.proxy.toy.ToyClient;
import dev.tdb.proxy.toy.ToyNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What becomes of sessions whose credential is revoked, replaced or expires. */
@ExtendWith(NoLeaks.class)
final class CredentialEndTest {
    private static final String LAST_WORD = "! terminated\n";
    private static final Credential FIRST = ToyNode.credential("password", Instant.MAX);
    private static final Credential SECOND = ToyNode.credential("second", Instant.MAX);

    private final ToyRig rig = new ToyRig();
    private final List<ToyClient> clients = new ArrayList<>();

    @AfterEach
    void stop() {
        clients.forEach(ToyClient::close);
        rig.close();
    }

    private ToyClient connect() {
        ToyClient client = ToyClient.connect(rig.address);
        clients.add(client);
        return client;
    }

    private ToyClient in(String password) {
        ToyClient client = connect();
        client.send("LOGIN tdb_toy " + password + " " + DB);
        assertThat(client.line()).isEqualTo("HELLO");
        client.welcomed();
        return client;
    }

    private void assertRefused(String password) {
        ToyClient client = connect();
        client.send("LOGIN tdb_toy " + password + " " + DB);
        assertThat(client.rest()).isEqualTo("HELLO\n! bad_credentials\n");
    }

    @Test
    void sessionsOfARevokedCredentialEndAndNoOthers() {
        rig.node.admit(FIRST, SECOND);
        ToyClient first = in("password");
        ToyClient second = in("second");

        rig.node.admit(SECOND);

        assertThat(first.rest()).isEqualTo(LAST_WORD);
        assertThat(second.ask("WHO")).isEqualTo("I old");
        assertRefused("password");
    }

    /** The key stays, and its id: the password is another. */
    @Test
    void sessionsOfAnOldPasswordEndWhenItDoes() {
        ToyClient old = in("password");

        rig.node.admit(FIRST, SECOND);
        assertThat(old.ask("WHO")).isEqualTo("I old");
        rig.node.admit(SECOND);

        assertThat(old.rest()).isEqualTo(LAST_WORD);
        assertThat(in("second").ask("WHO")).isEqualTo("I old");
    }

    @Test
    void sessionsEndWhenTheirCredentialExpires() {
        ToyClient client = in("password");
        ToyClient other = in("password");

        rig.node.admit(ToyNode.credential("password", Instant.now().plusMillis(300)), SECOND);
        assertThat(client.ask("WHO")).isEqualTo("I old");

        assertThat(client.rest()).isEqualTo(LAST_WORD);
        assertThat(other.rest()).isEqualTo(LAST_WORD);
        assertRefused("password");
    }

    @Test
    void oneCredentialExpiresAfterTheOther() {
        rig.node.admit(FIRST, SECOND);
        ToyClient first = in("password");
        ToyClient second = in("second");

        rig.node.admit(
                ToyNode.credential("password", Instant.now().plusMillis(600)),
                ToyNode.credential("second", Instant.now().plusMillis(200)));

        assertThat(second.rest()).isEqualTo(LAST_WORD);
        assertThat(first.ask("WHO")).isEqualTo("I old");
        assertThat(first.rest()).isEqualTo(LAST_WORD);
    }

    @Test
    void aCredentialMayBeGivenMoreTime() {
        rig.node.admit(ToyNode.credential("password", Instant.now().plusMillis(200)));
        ToyClient client = in("password");
        rig.node.admit(FIRST, ToyNode.credential("second", Instant.now().plusMillis(300)));

        assertThat(in("second").rest()).isEqualTo(LAST_WORD);

        assertThat(client.ask("WHO")).isEqualTo("I old");
    }

    @Test
    void aUnitThatIsUnderWayIsAnswered() {
        ToyClient client = in("password");
        client.send("WAIT");
        await().until(() -> rig.old.received().contains("WAIT"));

        rig.node.admit();
        rig.old.goOn(1);

        assertThat(client.rest()).isEqualTo("I waited\n" + LAST_WORD);
    }

    @Test
    void aTransactionMayEndButNotGoOnForEver() {
        ToyClient ends = in("password");
        ToyClient goesOn = in("password");
        assertThat(ends.ask("BEGIN")).isEqualTo("T BEGIN");
        assertThat(goesOn.ask("BEGIN")).isEqualTo("T BEGIN");

        rig.node.admit();

        assertThat(ends.ask("ECHO 1")).isEqualTo("T ECHO 1");
        assertThat(ends.ask("COMMIT")).isEqualTo("I COMMIT");
        assertThat(ends.rest()).isEqualTo(LAST_WORD);
        assertThat(goesOn.rest()).isEqualTo(LAST_WORD);
        await().until(() -> rig.node.meter("proxy.frontend.sessions") == 0);
    }

    @Test
    void whatWaitsOnHoldIsNotExecuted() {
        ToyClient client = in("password");
        Hold hold = rig.drained();
        client.send("ECHO 1");
        await().until(() -> rig.status(hold).held() == 1);

        rig.node.admit();

        assertThat(client.rest()).isEqualTo(LAST_WORD);
        ToyNode.await(hold.release());
        assertThat(rig.old.received()).doesNotContain("ECHO 1");
    }

    @Test
    void whoWasProvingThatItKnowsItDoesNotGetIn() {
        ToyClient client = connect();
        client.send("PROVE tdb_toy password " + DB);
        assertThat(client.line()).isEqualTo("HELLO");
        assertThat(client.line()).isEqualTo("PROVED");

        rig.node.admit(SECOND);
        client.send("ENTER", "ECHO 1");

        assertThat(client.rest()).isEqualTo(LAST_WORD);
        assertThat(rig.old.received()).isEmpty();
    }
}
