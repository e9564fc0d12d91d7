package dev.tdb.proxy.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tdb.proxy.relay.ReadGate.Reason;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ReadGateTest {
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final ReadGate gate = new ReadGate(channel.config());

    private boolean isRead() {
        return channel.config().isAutoRead();
    }

    @ParameterizedTest
    @EnumSource
    void anyReasonShutsAndTheSameOpens(Reason reason) {
        gate.shut(reason);
        gate.shut(reason);
        assertThat(isRead()).isFalse();
        assertThat(gate.isOpen()).isFalse();

        gate.open(reason);

        assertThat(isRead()).isTrue();
        assertThat(gate.isOpen()).isTrue();
    }

    @Test
    void oneReasonDoesNotTakeBackAnother() {
        gate.shut(Reason.STATE);
        gate.shut(Reason.PEER_FULL);

        gate.open(Reason.STATE);
        gate.open(Reason.PIPELINE_FULL);
        assertThat(isRead()).isFalse();
        gate.open(Reason.PEER_FULL);

        assertThat(isRead()).isTrue();
    }

    @Test
    void everyReasonMayBeTakenBackAtOnce() {
        gate.shut(Reason.STATE);
        gate.shut(Reason.PEER_FULL);

        gate.openAll();

        assertThat(isRead()).isTrue();
        assertThat(gate.isOpen()).isTrue();
    }

    @Test
    void whoNeverShutItDoesNotOpenWhatSomebodyElseShut() {
        channel.config().setAutoRead(false);

        gate.open(Reason.STATE);
        gate.openAll();

        assertThat(isRead()).isFalse();
    }

    @Test
    void aChannelIsReadExactlyWhileNoReasonStands() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        List<Reason> reasons = List.of(Reason.values());
        EnumSet<Reason> standing = EnumSet.noneOf(Reason.class);
        for (int step = 0; step < 10_000; step++) {
            Reason reason = reasons.get(random.nextInt(reasons.size()));
            if (random.nextBoolean()) {
                gate.shut(reason);
                standing.add(reason);
            } else {
                gate.open(reason);
                standing.remove(reason);
            }

            assertThat(isRead())
                    .as("seed %d, step %d: %s", seed, step, standing)
                    .isEqualTo(standing.isEmpty());
        }
    }
}
