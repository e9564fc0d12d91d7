package dev.tdb.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tdb.proxy.hold.Hold;
import dev.tdb.proxy.refusal.Refusal;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a client's wish to cancel does, and whom it must not hit. */
public interface CancelContract extends Contract {
    @Test
    default void aUnitThatRunsIsCancelledOnItsServer() throws IOException {
        try (Rig rig = rig()) {
            RawClient client = rig.client();
            client.send(rig.dialect().slow());
            rig.awaitRunning(rig.oldServer());

            client.cancel();

            assertThat(client.receive()).isInstanceOfSatisfying(Reply.Failed.class, failed -> {
                assertThat(failed.code()).isEqualTo(rig.dialect().cancelledCode());
                assertThat(failed.last()).isFalse();
            });
            assertThat(client.call(rig.dialect().trace(1))).isInstanceOf(Reply.Done.class);
        }
    }

    @Test
    default void aUnitThatWaitsOnHoldIsCancelledWithoutAServer() throws IOException {
        try (Rig rig = rig()) {
            RawClient client = rig.client();
            Hold hold = rig.hold(Duration.ofSeconds(30));
            client.send(rig.dialect().trace(1));
            rig.awaitParked(hold, 1);

            client.cancel();

            assertThat(client.receive()).isEqualTo(rig.failed(new Refusal.Cancelled()));
            rig.release(hold);
            assertThat(client.call(rig.dialect().trace(2))).isInstanceOf(Reply.Done.class);
            assertThat(rig.oldServer().received()).containsExactly(2);
        }
    }

    @Test
    default void aSecretThatIsNotTheClientsCancelsNothing() throws IOException {
        try (Rig rig = rig()) {
            RawClient client = rig.client();
            Hold hold = rig.hold(Duration.ofSeconds(30));
            client.send(rig.dialect().trace(1));
            rig.awaitParked(hold, 1);

            client.cancelWithWrongSecret();

            rig.release(hold);
            assertThat(client.receive()).isInstanceOf(Reply.Done.class);
        }
    }

    @Test
    default void aWishThatComesTooLateDoesNotHitTheNextUnit() throws IOException {
        try (Rig rig = rig()) {
            RawClient client = rig.client();
            for (int number = 1; number <= 20; number++) {
                client.call(rig.dialect().trace(number));

                client.cancel();

                assertThat(client.call(rig.dialect().ask())).isInstanceOf(Reply.Done.class);
            }
        }
    }

    @Test
    default void aClientCancelsOnlyItself() throws IOException {
        try (Rig rig = rig()) {
            RawClient first = rig.client();
            RawClient second = rig.client();
            first.send(rig.dialect().slow());
            rig.awaitRunning(rig.oldServer());

            second.cancel();

            assertThat(first.hearsNothing(Duration.ofMillis(300))).isTrue();
            first.cancel();
            assertThat(first.receive()).isInstanceOf(Reply.Failed.class);
        }
    }

    @Test
    default void theSecretOfALoginStillCancelsAfterTheSessionHasMoved() throws IOException {
        try (Rig rig = rig()) {
            RawClient client = rig.client();
            client.call(rig.dialect().trace(1));
            Hold hold = rig.hold(Duration.ofSeconds(30));
            rig.awaitDrained(hold);
            rig.switchTo(rig.newServer(), hold);
            rig.release(hold);
            client.call(rig.dialect().trace(2));
            client.send(rig.dialect().slow());
            rig.awaitRunning(rig.newServer());

            client.cancel();

            assertThat(client.receive())
                    .isInstanceOfSatisfying(
                            Reply.Failed.class,
                            failed -> assertThat(failed.code())
                                    .isEqualTo(rig.dialect().cancelledCode()));
            assertThat(rig.newServer().received()).containsExactly(2);
        }
    }
}
