package dev.tdb.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tdb.proxy.hold.Hold;
import dev.tdb.proxy.refusal.Refusal;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A server goes away: whose unit was under way is told once, and whoever comes next is served when it is back. */
public interface ServerLossContract extends Contract {
    @Test
    default void aServerThatCannotBeReachedIsARefusalOfTheLogin() throws IOException {
        try (Rig rig = rig()) {
            rig.oldServer().hop().refuse();

            Reply reply = rig.dial().login(rig.who(), Pace.WHOLE);

            assertThat(reply).isEqualTo(rig.failed(new Refusal.ServerUnreachable(rig.database())));
            rig.oldServer().hop().admit();
            assertThat(rig.client().call(rig.dialect().trace(1))).isInstanceOf(Reply.Done.class);
        }
    }

    @Test
    default void aUnitWhoseServerIsCutOffIsToldOnce() throws IOException {
        try (Rig rig = rig()) {
            RawClient client = rig.client();
            client.send(rig.dialect().slow());
            rig.awaitRunning(rig.oldServer());

            rig.oldServer().hop().cut();

            assertThat(client.receive()).isEqualTo(rig.failed(new Refusal.ServerLost(rig.database())));
            assertThat(client.receive()).isEqualTo(new Reply.Gone());
            assertThat(rig.client().call(rig.dialect().trace(1))).isInstanceOf(Reply.Done.class);
        }
    }

    @Test
    default void anIdleSessionWhoseServerIsCutOffIsToldOnce() throws IOException {
        try (Rig rig = rig()) {
            RawClient client = rig.client();
            client.call(rig.dialect().ask());

            rig.oldServer().hop().cut();

            assertThat(client.receive()).isEqualTo(rig.failed(new Refusal.ServerLost(rig.database())));
            assertThat(client.receive()).isEqualTo(new Reply.Gone());
        }
    }

    @Test
    default void aServersOwnLastWordIsTheOnlyOne() throws IOException {
        try (Rig rig = rig()) {
            RawClient client = rig.client();
            client.send(rig.dialect().slow());
            rig.awaitRunning(rig.oldServer());

            rig.oldServer().site().endSessions();

            Reply last = client.receive();
            if (last instanceof Reply.Failed failed) {
                assertThat(failed.last()).isTrue();
                assertThat(client.receive()).isEqualTo(new Reply.Gone());
            } else {
                assertThat(last).isEqualTo(new Reply.Gone());
            }
        }
    }

    /** A client in the middle of a reply must not take a cut reply for a whole one, or a message of ours for data. */
    @Test
    default void aServerThatIsCutOffInTheMiddleOfAReplyEndsTheConnection() throws IOException {
        try (Rig rig = rig()) {
            RawClient client = rig.client();
            client.send(rig.dialect().longReply(64 << 20));
            org.awaitility.Awaitility.await()
                    .atMost(Rig.PATIENCE)
                    .until(() -> rig.oldServer().hop().bytesFromServer() > 4 << 20);

            rig.oldServer().hop().cut();

            Reply reply = client.receive();
            if (reply instanceof Reply.Failed failed) {
                assertThat(failed).isEqualTo(rig.failed(new Refusal.ServerLost(rig.database())));
                assertThat(client.receive()).isEqualTo(new Reply.Gone());
            } else {
                assertThat(reply).isEqualTo(new Reply.Gone());
            }
        }
    }

    @Test
    default void theSessionsOfAnotherTenantDoNotNotice() throws IOException {
        try (Rig rig = rig()) {
            Hold hold = rig.hold(Duration.ofSeconds(30));
            rig.awaitDrained(hold);
            rig.switchTo(rig.newServer(), hold);
            rig.release(hold);
            RawClient client = rig.client();
            RawClient neighbour = rig.client(rig.neighbour());
            neighbour.call(rig.dialect().ask());
            client.call(rig.dialect().trace(1));

            rig.newServer().hop().cut();

            assertThat(client.receive()).isInstanceOf(Reply.Failed.class);
            assertThat(neighbour.call(rig.dialect().ask())).isInstanceOf(Reply.Done.class);
        }
    }

    @Test
    default void whatWaitsOnHoldOutlivesItsOldServer() throws IOException {
        try (Rig rig = rig()) {
            RawClient client = rig.client();
            client.call(rig.dialect().trace(1));
            Hold hold = rig.hold(Duration.ofSeconds(30));
            rig.awaitDrained(hold);
            client.send(rig.dialect().trace(2));
            rig.awaitParked(hold, 1);

            rig.oldServer().hop().refuse();

            rig.switchTo(rig.newServer(), hold);
            rig.release(hold);
            assertThat(client.receive()).isInstanceOf(Reply.Done.class);
            assertThat(rig.newServer().received()).containsExactly(2);
        }
    }
}
