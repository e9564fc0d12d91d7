package dev.tdb.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tdb.proxy.hold.Hold;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;

/** Who is slow slows down who sends, and nobody else; nothing piles up in the proxy. */
public interface BackPressureContract extends Contract {
    /** Far more than all the socket buffers on the way hold, which is some 10 MiB at their largest. */
    int LOT_BYTES = 96 << 20;

    /** What may be under way: the sockets' buffers and a little of the proxy's. */
    int UNDER_WAY_BYTES_MAX = 40 << 20;

    @Test
    default void aClientThatDoesNotReadStopsItsServerFromSending() throws IOException {
        try (Rig rig = rig()) {
            RawClient client = rig.client();
            client.send(rig.dialect().longReply(LOT_BYTES));

            long sent = standstill(() -> rig.oldServer().hop().bytesFromServer());

            assertThat(sent).isBetween(1L, (long) UNDER_WAY_BYTES_MAX);
            assertThat(client.receive())
                    .isInstanceOfSatisfying(
                            Reply.Done.class, done -> assertThat(done.bytes()).isGreaterThan(LOT_BYTES));
            assertThat(client.call(rig.dialect().trace(1))).isInstanceOf(Reply.Done.class);
        }
    }

    @Test
    default void aServerThatDoesNotReadStopsItsClientFromSending() throws IOException {
        try (Rig rig = rig()) {
            RawClient client = rig.client();
            client.call(rig.dialect().ask());
            rig.oldServer().hop().stall();

            long taken = client.sendUntilNobodyTakes(
                    rig.dialect().longRequest(64 << 20).bytes());

            assertThat(taken).isBetween(1L, (long) UNDER_WAY_BYTES_MAX);
            rig.oldServer().hop().flow();
        }
    }

    @Test
    default void theOthersOnTheSameEventLoopDoNotWaitForASlowClient() throws IOException {
        try (Rig rig = rig()) {
            RawClient slow = rig.client();
            RawClient quick = rig.client();
            slow.send(rig.dialect().longReply(LOT_BYTES));
            standstill(() -> rig.oldServer().hop().bytesFromServer());

            Reply reply = quick.call(rig.dialect().trace(1));

            assertThat(reply).isInstanceOf(Reply.Done.class);
        }
    }

    @Test
    default void whatAClientSendsDuringAHoldIsReadUpToABoundAndLosesNothing() throws IOException {
        try (Rig rig = rig()) {
            RawClient client = rig.client();
            Hold hold = rig.hold(Duration.ofSeconds(60));
            rig.awaitDrained(hold);
            Unit request = rig.dialect().longRequest(32 << 20);
            Thread sender = Thread.ofVirtual().start(() -> {
                try {
                    client.send(request);
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });

            long held = standstill(() -> Rig.get(hold.status()).heldBytes());

            assertThat(held).isBetween(1L, 3L << 20);
            rig.release(hold);
            assertThat(client.receive()).isInstanceOf(Reply.Done.class);
            sender.join();
            assertThat(client.call(rig.dialect().trace(1))).isInstanceOf(Reply.Done.class);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Both reasons not to read at once: what one of them opens must stay shut for the other. */
    @Test
    default void aHoldThatBeginsWhileAClientDoesNotReadLosesNothing() throws IOException {
        try (Rig rig = rig()) {
            RawClient client = rig.client();
            client.send(rig.dialect().longReply(LOT_BYTES), rig.dialect().trace(1));
            standstill(() -> rig.oldServer().hop().bytesFromServer());
            Hold hold = rig.hold(Duration.ofSeconds(60));

            Reply first = client.receive();

            assertThat(first)
                    .isInstanceOfSatisfying(
                            Reply.Done.class, done -> assertThat(done.bytes()).isGreaterThan(LOT_BYTES));
            rig.awaitDrained(hold);
            rig.release(hold);
            assertThat(client.receive()).isInstanceOf(Reply.Done.class);
            assertThat(rig.oldServer().received()).containsExactly(1);
        }
    }

    /** Until a number that only grows has stood still for half a second. @return where it stands */
    private static long standstill(LongSupplier number) {
        AtomicLong last = new AtomicLong(-1);
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(500))
                .until(() -> {
                    long now = number.getAsLong();
                    return last.getAndSet(now) == now && now > 0;
                });
        return last.get();
    }
}
