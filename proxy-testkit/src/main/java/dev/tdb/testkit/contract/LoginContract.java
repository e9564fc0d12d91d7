package dev.tdb.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tdb.proxy.frontend.SessionTimes;
import dev.tdb.proxy.listen.NodeConfig;
import dev.tdb.proxy.refusal.Refusal;
import dev.tdb.testkit.wire.Bytes;
import java.io.IOException;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is let in, and what the others are told. */
public interface LoginContract extends Contract {
    @ParameterizedTest
    @EnumSource
    default void whoKnowsThePasswordIsLetInHoweverTheBytesAreCut(Pace pace) throws IOException {
        try (Rig rig = rig()) {
            RawClient client = rig.dial();

            Reply reply = client.login(rig.who(), pace);

            assertThat(reply).isInstanceOf(Reply.Done.class);
            assertThat(client.call(rig.dialect().trace(1))).isInstanceOf(Reply.Done.class);
            assertThat(rig.oldServer().received()).containsExactly(1);
        }
    }

    @Test
    default void aWrongPasswordIsRefusedAndTheConnectionEnds() throws IOException {
        try (Rig rig = rig()) {
            RawClient client = rig.dial();

            Reply reply = client.login(rig.who().withPassword("not it"), Pace.WHOLE);

            assertThat(reply)
                    .isEqualTo(rig.failed(new Refusal.BadCredentials(rig.who().user())));
            assertThat(client.receive()).isEqualTo(new Reply.Gone());
        }
    }

    @Test
    default void anUnknownUserIsToldWhatAWrongPasswordIsTold() throws IOException {
        try (Rig rig = rig()) {
            Reply reply = rig.dial().login(rig.who().withUser("tdb_nobody"), Pace.WHOLE);

            assertThat(reply).isEqualTo(rig.failed(new Refusal.BadCredentials("tdb_nobody")));
        }
    }

    @Test
    default void aPasswordOfAnotherTenantDoesNotReachThisOne() throws IOException {
        try (Rig rig = rig()) {
            Reply reply = rig.dial().login(rig.neighbour().withDatabase(rig.database()), Pace.WHOLE);

            assertThat(reply)
                    .isIn(
                            rig.failed(new Refusal.ScopeDenied(rig.database())),
                            rig.failed(new Refusal.BadCredentials(rig.who().user())));
            assertThat(rig.oldServer().hop().accepted()).isZero();
        }
    }

    @Test
    default void aRefusedLoginNeverReachesAServer() throws IOException {
        try (Rig rig = rig()) {
            rig.dial().login(rig.who().withPassword("not it"), Pace.WHOLE);

            assertThat(rig.oldServer().hop().accepted()).isZero();
        }
    }

    @Test
    default void aClientThatSaysNothingIsSentAwayWhenItsTimeIsOver() throws IOException {
        NodeConfig usual = Rig.config();
        SessionTimes times = usual.times();
        NodeConfig hasty = new NodeConfig(
                usual.transport(),
                usual.eventLoops(),
                usual.limits(),
                usual.loginFailuresMax(),
                new SessionTimes(
                        Duration.ofMillis(200), times.link(), times.describe(), times.lastUnit(), times.lastWord()),
                usual.session(),
                usual.links());
        try (Rig rig = rig(hasty)) {
            RawClient client = rig.dial();

            Reply last = client.receive();

            assertThat(last).isInstanceOfAny(Reply.Gone.class, Reply.Failed.class);
        }
    }

    /** Whatever somebody sends who is no client of ours, the proxy goes on, and lets in who comes next. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    default void noiseEndsItsOwnConnectionAtMost(long seed) throws IOException {
        try (Rig rig = rig()) {
            byte[] noise = new byte[4096];
            new Random(seed).nextBytes(noise);
            RawClient stranger = rig.dial();
            try {
                stranger.send(Bytes.of(noise));
            } catch (IOException e) {
                // Cut off before it had said everything, which is as good an end as any.
            }

            stranger.reset();

            assertThat(rig.client().call(rig.dialect().ask())).isInstanceOf(Reply.Done.class);
        }
    }

    @Test
    default void whoGuessesTooOftenIsSentAwayWithoutASecondLook() throws IOException {
        NodeConfig usual = Rig.config();
        NodeConfig strict = new NodeConfig(
                usual.transport(),
                usual.eventLoops(),
                usual.limits(),
                2,
                usual.times(),
                usual.session(),
                usual.links());
        try (Rig rig = rig(strict)) {
            rig.dial().login(rig.who().withPassword("guess 1"), Pace.WHOLE);
            rig.dial().login(rig.who().withPassword("guess 2"), Pace.WHOLE);

            Reply third = rig.dial().login(rig.who(), Pace.WHOLE);

            assertThat(third)
                    .isInstanceOfSatisfying(
                            Reply.Failed.class,
                            failed -> assertThat(failed.code())
                                    .isEqualTo(rig.dialect().code(new Refusal.RateLimited(Duration.ofSeconds(1)))));
        }
    }
}
