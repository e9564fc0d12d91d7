package dev.tdb.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tdb.proxy.hold.Hold;
import dev.tdb.proxy.listen.NodeConfig;
import dev.tdb.proxy.refusal.Refusal;
import dev.tdb.proxy.route.RouteState;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a client is told when the proxy says no, and what it can do afterwards. */
public interface RefusalContract extends Contract {
    Duration SHORT = Duration.ofMillis(150);

    @Test
    default void aUnitWhosePatienceRunsOutIsRefusedAndTheConnectionStaysUsable() throws IOException {
        try (Rig rig = rig()) {
            RawClient client = rig.client();
            Hold hold = rig.hold(SHORT);

            Reply reply = client.call(rig.dialect().trace(1));

            assertThat(reply).isEqualTo(rig.failed(new Refusal.HoldTimedOut(rig.database(), SHORT)));
            rig.release(hold);
            assertThat(client.call(rig.dialect().trace(2))).isInstanceOf(Reply.Done.class);
            assertThat(rig.oldServer().received()).containsExactly(2);
        }
    }

    @Test
    default void withoutPatienceAUnitIsRefusedAtOnce() throws IOException {
        try (Rig rig = rig()) {
            RawClient client = rig.client();
            Hold hold = rig.hold(Duration.ZERO);
            rig.awaitDrained(hold);

            Reply reply = client.call(rig.dialect().trace(1));

            assertThat(reply).isEqualTo(rig.failed(new Refusal.HoldTimedOut(rig.database(), Duration.ZERO)));
            rig.release(hold);
            assertThat(rig.oldServer().received()).isEmpty();
        }
    }

    @Test
    default void everyUnitOfARefusedPipelineIsAnsweredOnceAndInOrder() throws IOException {
        try (Rig rig = rig()) {
            RawClient client = rig.client();
            List<Unit> units = rig.dialect().pipeline(0);
            Hold hold = rig.hold(SHORT);

            client.send(units.toArray(Unit[]::new));

            for (Unit unit : units) {
                for (int reply = 0; reply < unit.replies(); reply++) {
                    assertThat(client.receive())
                            .as("reply %d to %s", reply, unit.traces())
                            .isEqualTo(rig.failed(new Refusal.HoldTimedOut(rig.database(), SHORT)));
                }
            }
            rig.release(hold);
            assertThat(client.call(rig.dialect().trace(99))).isInstanceOf(Reply.Done.class);
            assertThat(rig.oldServer().received()).containsExactly(99);
        }
    }

    @Test
    default void aSuspendedTenantIsToldSoAndGoesOnWhenItIsResumed() throws IOException {
        try (Rig rig = rig()) {
            RawClient client = rig.client();
            client.call(rig.dialect().ask());
            rig.enter(new RouteState.Suspended(SHORT));

            Reply reply = client.call(rig.dialect().trace(1));

            assertThat(reply).isEqualTo(rig.failed(new Refusal.Suspended(rig.database())));
            rig.enter(new RouteState.Open());
            assertThat(client.call(rig.dialect().trace(2))).isInstanceOf(Reply.Done.class);
            assertThat(rig.oldServer().received()).containsExactly(2);
        }
    }

    @Test
    default void aUnitThatWaitsOnASuspendedTenantIsServedWhenItIsResumedInTime() throws IOException {
        try (Rig rig = rig()) {
            RawClient client = rig.client();
            client.call(rig.dialect().ask());
            rig.enter(new RouteState.Suspended(Duration.ofSeconds(30)));
            client.send(rig.dialect().trace(1));
            assertThat(client.hearsNothing(SHORT)).isTrue();

            rig.enter(new RouteState.Open());

            assertThat(client.receive()).isInstanceOf(Reply.Done.class);
        }
    }

    @Test
    default void aTenantThatIsBeingPreparedIsToldSo() throws IOException {
        try (Rig rig = rig()) {
            RawClient client = rig.client();
            client.call(rig.dialect().ask());
            rig.enter(new RouteState.Preparing(Duration.ZERO));

            Reply reply = client.call(rig.dialect().trace(1));

            assertThat(reply).isEqualTo(rig.failed(new Refusal.Provisioning(rig.database())));
        }
    }

    @Test
    default void clientsOfADeletedTenantAreToldSoOnceAndTheirConnectionsEnd() throws IOException {
        try (Rig rig = rig()) {
            RawClient client = rig.client();
            client.call(rig.dialect().ask());
            rig.enter(new RouteState.Deleted());
            client.send(rig.dialect().trace(1));

            Reply reply = client.receive();

            assertThat(reply).isEqualTo(rig.failed(new Refusal.Deleted(rig.database())));
            assertThat(client.receive()).isEqualTo(new Reply.Gone());
            assertThat(rig.oldServer().received()).isEmpty();
        }
    }

    @Test
    default void whoConnectsToADeletedTenantIsRefused() throws IOException {
        try (Rig rig = rig()) {
            rig.enter(new RouteState.Deleted());

            Reply reply = rig.dial().login(rig.who(), Pace.WHOLE);

            assertThat(reply).isEqualTo(rig.failed(new Refusal.Deleted(rig.database())));
        }
    }

    @Test
    default void moreThanMayWaitOnHoldIsRefusedAndTheConnectionStaysUsable() throws IOException {
        NodeConfig usual = Rig.config();
        NodeConfig narrow = new NodeConfig(
                usual.transport(),
                usual.eventLoops(),
                usual.limits().withHeldBytesMax(64 << 10),
                usual.loginFailuresMax(),
                usual.times(),
                usual.session(),
                usual.links());
        try (Rig rig = rig(narrow)) {
            RawClient client = rig.client();
            Hold hold = rig.hold(Duration.ofSeconds(30));
            rig.awaitDrained(hold);

            Reply reply = client.call(rig.dialect().longRequest(128 << 10));

            assertThat(reply).isEqualTo(rig.failed(new Refusal.HoldOverflow(rig.database(), 64 << 10)));
            rig.release(hold);
            assertThat(client.call(rig.dialect().trace(1))).isInstanceOf(Reply.Done.class);
        }
    }

    @Test
    default void aUnitThatHasBegunIsNotRefused() throws IOException {
        try (Rig rig = rig()) {
            Dialect dialect = rig.dialect();
            RawClient client = rig.client();
            client.call(dialect.begin());
            Hold hold = rig.hold(Duration.ZERO);

            Reply reply = client.call(dialect.traceInTransaction(1));

            assertThat(reply).isInstanceOf(Reply.Done.class);
            assertThat(client.call(dialect.commit())).isInstanceOf(Reply.Done.class);
            rig.release(hold);
            assertThat(rig.oldServer().received()).containsExactly(1);
        }
    }
}
