package dev.tdb.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tdb.proxy.hold.Hold;
import dev.tdb.proxy.refusal.Refusal;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The proxy stops: units end, and everybody is told once. */
public interface ShutdownContract extends Contract {
    @Test
    default void anIdleClientIsToldAndNobodyElseIsLetIn() throws IOException {
        try (Rig rig = rig()) {
            RawClient client = rig.client();
            client.call(rig.dialect().ask());

            boolean clean = Rig.get(shutDown(rig, Duration.ofSeconds(10)));

            assertThat(clean).isTrue();
            assertThat(client.receive()).isEqualTo(rig.failed(new Refusal.ShuttingDown()));
            assertThat(client.receive()).isEqualTo(new Reply.Gone());
            assertThat(connects(rig)).isFalse();
        }
    }

    @Test
    default void aTransactionIsLetEnd() throws IOException {
        try (Rig rig = rig()) {
            Dialect dialect = rig.dialect();
            RawClient client = rig.client();
            client.call(dialect.begin());
            client.call(dialect.traceInTransaction(1));
            CompletableFuture<Boolean> clean = shutDown(rig, Duration.ofSeconds(10));

            Reply inside = client.call(dialect.traceInTransaction(2));

            assertThat(inside).isInstanceOf(Reply.Done.class);
            assertThat(client.call(dialect.commit())).isInstanceOf(Reply.Done.class);
            assertThat(client.receive()).isEqualTo(rig.failed(new Refusal.ShuttingDown()));
            assertThat(client.receive()).isEqualTo(new Reply.Gone());
            assertThat(Rig.get(clean)).isTrue();
            assertThat(rig.oldServer().received()).containsExactly(1, 2);
        }
    }

    @Test
    default void aUnitThatOutlivesThePatienceIsCutOffAndToldOnce() throws IOException {
        try (Rig rig = rig()) {
            RawClient client = rig.client();
            client.send(rig.dialect().slow());
            rig.awaitRunning(rig.oldServer());

            boolean clean = Rig.get(shutDown(rig, Duration.ofMillis(200)));

            assertThat(clean).isFalse();
            assertThat(client.receive()).isEqualTo(rig.failed(new Refusal.ShuttingDown()));
            assertThat(client.receive()).isEqualTo(new Reply.Gone());
        }
    }

    @Test
    default void aUnitThatWaitsOnHoldIsNotExecuted() throws IOException {
        try (Rig rig = rig()) {
            RawClient client = rig.client();
            Hold hold = rig.hold(Duration.ofSeconds(30));
            client.send(rig.dialect().trace(1));
            rig.awaitParked(hold, 1);

            Rig.get(shutDown(rig, Duration.ofSeconds(10)));

            assertThat(client.receive()).isEqualTo(rig.failed(new Refusal.ShuttingDown()));
            assertThat(client.receive()).isEqualTo(new Reply.Gone());
            assertThat(rig.oldServer().received()).isEmpty();
        }
    }

    private static CompletableFuture<Boolean> shutDown(Rig rig, Duration patience) {
        CompletableFuture<Boolean> clean = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                clean.complete(rig.node().shutDown(patience));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                clean.completeExceptionally(e);
            }
        });
        return clean;
    }

    private static boolean connects(Rig rig) {
        try (RawClient late = rig.dial()) {
            return late.login(rig.who(), Pace.WHOLE) instanceof Reply.Done;
        } catch (IOException e) {
            return false;
        }
    }
}
