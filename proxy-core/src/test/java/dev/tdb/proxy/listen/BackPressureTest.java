package dev.tdb.proxy.listen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tdb.proxy.hold.Hold;
import dev.tdb.proxy.toy.NoLeaks;
import dev.tdb.proxy.toy.ToyClient;
import dev.tdb.proxy.toy.ToyNode;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Who does not read is not written to without bound. */
@ExtendWith(NoLeaks.class)
final class BackPressureTest {
    private static final int BIG = 600;
    private static final long BIG_BYTES = BIG * 65_536L;

    private final ToyRig rig = new ToyRig();

    @AfterEach
    void stop() {
        rig.close();
    }

    private double bytes() {
        return rig.node.meters("proxy.frontend.bytes");
    }

    /** How many bytes the proxy has read when it reads no more. */
    private double settled() {
        double[] before = {-1};
        await().pollInterval(Duration.ofMillis(100)).until(() -> {
            double now = bytes();
            boolean same = now == before[0];
            before[0] = now;
            return same;
        });
        return before[0];
    }

    @Test
    void aSlowClientStopsItsServerAndGetsAllInTheEnd() {
        try (ToyClient client = rig.client()) {
            client.send("BIG " + BIG, "WHO");

            assertThat(settled()).isLessThan(BIG_BYTES / 4.0);

            assertThat(client.skipLine()).isEqualTo(BIG_BYTES + 2);
            assertThat(client.line()).isEqualTo("I old");
        }
    }

    @Test
    void aSlowServerStopsItsClientAndGetsAllInTheEnd() throws Exception {
        try (ToyClient client = rig.client()) {
            client.send("WAIT");
            await().until(() -> rig.old.received().contains("WAIT"));
            int lines = 300;
            Thread sender = Thread.ofPlatform().start(() -> {
                for (int i = 0; i < lines; i++) {
                    client.send("NOTE " + "x".repeat(100_000));
                }
                client.send("WHO");
            });

            assertThat(settled()).isLessThan(lines * 50_000.0);
            rig.old.goOn(1);

            assertThat(client.line()).isEqualTo("I waited");
            assertThat(client.line()).isEqualTo("I old");
            sender.join();
            assertThat(rig.old.received()).hasSize(lines + 2);
        }
    }

    @Test
    void aPipelineThatIsFullIsReadNoFurtherAndGoesOn() {
        try (ToyClient client = rig.client()) {
            client.send("WAIT");
            StringBuilder many = new StringBuilder();
            for (int i = 0; i < 5_000; i++) {
                many.append("ECHO ").append(i).append('\n');
            }
            client.raw(many.toString());
            rig.old.goOn(1);

            assertThat(client.line()).isEqualTo("I waited");
            for (int i = 0; i < 5_000; i++) {
                assertThat(client.line()).isEqualTo("I ECHO " + i);
            }
        }
    }

    @Test
    void whoIsAnsweredByTheProxyAndTakesNothingIsReadNoFurther() throws Exception {
        try (ToyClient client = rig.client()) {
            int questions = 1_000_000;
            Thread sender = Thread.ofPlatform().start(() -> client.raw("#".repeat(questions)));

            assertThat(settled()).isLessThan(questions / 2.0);

            for (int i = 0; i < questions; i++) {
                assertThat(client.skipLine()).isEqualTo(99);
            }
            sender.join();
        }
    }

    @Test
    void aClientThatIsFullDoesNotKeepItsSessionFromBeingDescribedAndMoved() {
        try (ToyClient client = rig.client()) {
            // More than the sockets take, less than would stop the server for good.
            client.send("BIG 40");
            await().until(() -> bytes() > 40 * 65_536);

            Hold hold = rig.drained();

            rig.node.open(ToyRig.DB, rig.other, 2);
            ToyNode.await(hold.switched());
            ToyNode.await(hold.release());
            assertThat(client.skipLine()).isEqualTo(40 * 65_536 + 2);
            assertThat(client.line()).isEqualTo("* moved to new");
            assertThat(client.ask("WHO")).isEqualTo("I new");
            client.send("BIG " + BIG);
            assertThat(client.skipLine()).isEqualTo(BIG_BYTES + 2);
        }
    }

    @Test
    void aClientThatTakesNothingDoesNotKeepAnEndedConnectionForEver() {
        try (ToyClient client = rig.client()) {
            client.send("BIG " + BIG);
            settled();

            rig.node.node().endSession(client.number(), "an operator");

            await().until(() -> rig.node.meter("proxy.listen.connections") == 0);
        }
    }
}
