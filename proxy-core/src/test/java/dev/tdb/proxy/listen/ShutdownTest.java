package dev.tdb.proxy.listen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tdb.proxy.frontend.SessionTimes;
import dev.tdb.proxy.toy.NoLeaks;
import dev.tdb.proxy.toy.ToyClient;
import dev.tdb.proxy.toy.ToyNode;
import java.net.ConnectException;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A node that stops: accepts nobody, lets units end, and says a last word to everybody. */
@ExtendWith(NoLeaks.class)
final class ShutdownTest {
    private static final String LAST_WORD = "! shutting_down\n";

    /** Whoever is cut off in the middle of a message has time for its rest. */
    private final ToyRig rig = new ToyRig(ToyRig.config(new SessionTimes(
            Duration.ofSeconds(2),
            Duration.ofSeconds(3),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Duration.ofMillis(1_500))));

    @AfterEach
    void stop() {
        rig.close();
    }

    /** Begins, and tells whether every unit ended by itself. */
    private CompletableFuture<Boolean> shutDown(Duration patience) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return rig.node.node().shutDown(patience);
                    } catch (InterruptedException e) {
                        throw new CompletionException(e);
                    }
                },
                task -> Thread.ofPlatform().start(task));
    }

    private ToyClient waiting() {
        ToyClient client = rig.client();
        client.send("WAIT");
        await().until(() -> rig.old.received().contains("WAIT"));
        return client;
    }

    @Test
    void nobodyIsAcceptedWhileUnitsEnd() {
        try (ToyClient idle = rig.client();
                ToyClient busy = waiting()) {
            CompletableFuture<Boolean> clean = shutDown(Duration.ofSeconds(5));
            assertThat(idle.rest()).isEqualTo(LAST_WORD);

            assertThatThrownBy(() -> new Socket(rig.address.getAddress(), rig.address.getPort()).close())
                    .isInstanceOf(ConnectException.class);

            assertThat(clean).isNotDone();
            rig.old.goOn(1);
            assertThat(busy.rest()).isEqualTo("I waited\n" + LAST_WORD);
            assertThat(clean.join()).isTrue();
        }
    }

    @Test
    void noUnitBeginsAnyMore() {
        try (ToyClient idle = rig.client();
                ToyClient busy = waiting()) {
            CompletableFuture<Boolean> clean = shutDown(Duration.ofSeconds(5));
            assertThat(idle.rest()).isEqualTo(LAST_WORD);
            // It lives on another loop, which may hear of it later.
            await().until(() -> ToyNode.await(rig.node.node().sessions()).stream()
                    .allMatch(session -> session.state().equals("finishing")));

            busy.send("ECHO never");
            rig.old.goOn(1);

            assertThat(busy.rest()).isEqualTo("I waited\n" + LAST_WORD);
            assertThat(clean.join()).isTrue();
            assertThat(rig.old.received()).containsExactly("WAIT");
        }
    }

    @Test
    void whoIsLoggingInOrOnHoldIsToldAtOnce() {
        try (ToyClient held = rig.client();
                ToyClient greeted = ToyClient.connect(rig.address)) {
            assertThat(greeted.line()).isEqualTo("HELLO");
            rig.drained();
            held.send("WHO");

            CompletableFuture<Boolean> clean = shutDown(Duration.ofSeconds(5));

            assertThat(greeted.rest()).isEqualTo(LAST_WORD);
            assertThat(held.rest()).isEqualTo(LAST_WORD);
            assertThat(clean.join()).isTrue();
            assertThat(rig.old.received()).isEmpty();
        }
    }

    @Test
    void whoTakesTooLongHearsTheRestOfAMessageThenTheLastWord() {
        try (ToyClient half = rig.client();
                ToyClient busy = waiting()) {
            half.send("HALF");
            assertThat(half.isSilentFor(5_000)).isFalse();

            CompletableFuture<Boolean> clean = shutDown(Duration.ofMillis(100));

            assertThat(busy.rest()).isEqualTo(LAST_WORD);
            rig.old.goOn(2);
            assertThat(half.rest()).isEqualTo("I half\n" + LAST_WORD);
            assertThat(clean.join()).isFalse();
        }
    }

    @Test
    void aNodeStopsOnce() throws InterruptedException {
        assertThat(rig.node.node().shutDown(Duration.ofSeconds(1))).isTrue();

        assertThat(rig.node.node().shutDown(Duration.ofSeconds(1))).isTrue();
    }

    @Test
    void noLinkOutlivesIt() {
        rig.client().close();
        await().until(() -> rig.node.meter("proxy.backend.links.warm") == 1);

        assertThat(shutDown(Duration.ofSeconds(1)).join()).isTrue();

        await().until(() -> rig.old.connections() == 0);
    }
}
