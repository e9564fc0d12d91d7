package dev.tdb.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tdb.testkit.wire.Bytes;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients come and go as they please, in the middle of anything: nothing of them stays. */
public interface ChurnContract extends Contract {
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    default void nothingStaysOfClientsThatLeaveInTheMiddle(long seed) throws IOException {
        Random random = new Random(seed);
        try (Rig rig = rig()) {
            for (int round = 0; round < 30; round++) {
                List<Unit> units = rig.dialect().pipeline(round * 100);
                Bytes batch = Bytes.concat(Unit.messagesOf(units));
                RawClient client = rig.client();
                client.send(batch.slice(0, random.nextInt(batch.length() + 1)));
                if (random.nextBoolean()) {
                    client.reset();
                } else {
                    client.close();
                }
            }

            rig.awaitSessions(0);

            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(() -> assertThat(rig.oldServer().hop().open())
                            .as("links that are kept warm")
                            .isLessThanOrEqualTo(rig.warmLinksMax()));
            assertThat(rig.client().call(rig.dialect().trace(9_999))).isInstanceOf(Reply.Done.class);
        }
    }
}
