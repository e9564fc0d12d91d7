package dev.tdb.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tdb.bench.wire.Endpoint;
import dev.tdb.proxy.credential.Secret;
import dev.tdb.proxy.route.Engine;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class RoundsTest {
    private static final Way DIRECT = way(Way.DIRECT);
    private static final Way HAPROXY = way(Way.HAPROXY);
    private static final Way TDB = way("tdb:epoll");

    private static Way way(String name) {
        return new Way(
                name, new Endpoint(Engine.POSTGRES, "127.0.0.1", 1, "d", "u", Secret.of("p")), OptionalLong.empty());
    }

    /** A machine that gets slower with every run, by as much as a round is long. */
    private static final class TiringLoad implements Load {
        private final List<String> order = new ArrayList<>();

        @Override
        public String name() {
            return "tiring";
        }

        @Override
        public String unit() {
            return "tx";
        }

        @Override
        public Placement placement() {
            return Placement.FREE;
        }

        @Override
        public Outcome run(Way way, int seconds) {
            order.add(way.name());
            double rate = way.equals(DIRECT) ? 1000 : 500;
            double p50 = way.equals(DIRECT) ? 10 : way.equals(HAPROXY) ? 30 : 25;
            return new Outcome(seconds * rate, rate - order.size(), p50, 2 * p50);
        }
    }

    @Test
    void roundsGoForwardAndBackwardInTurn() throws IOException, InterruptedException {
        TiringLoad load = new TiringLoad();

        Rounds.measure(load, List.of(DIRECT, HAPROXY, TDB), 3, 1);

        assertThat(load.order)
                .containsExactly(
                        "direct",
                        "haproxy",
                        "tdb:epoll",
                        "tdb:epoll",
                        "haproxy",
                        "direct",
                        "direct",
                        "haproxy",
                        "tdb:epoll");
    }

    @Test
    void whatIsReportedIsTheMedianOfTheRounds() throws IOException, InterruptedException {
        Rounds rounds = Rounds.measure(new TiringLoad(), List.of(DIRECT, HAPROXY, TDB), 3, 1);

        assertThat(rounds.median(Way.DIRECT, s -> s.outcome().perSecond())).isEqualTo(994);
        assertThat(rounds.ratio("tdb:epoll", Way.DIRECT, s -> s.outcome().perSecond()))
                .isEqualTo(496.0 / 994, within(0.003));
        assertThat(rounds.added("tdb:epoll", s -> s.outcome().p50Micros())).isEqualTo(15);
        assertThat(rounds.addedRatio("tdb:epoll", Way.HAPROXY, s -> s.outcome().p50Micros()))
                .isEqualTo(0.75);
    }

    @Test
    void aWayThatIsMissingHasNoRatio() throws IOException, InterruptedException {
        Rounds rounds = Rounds.measure(new TiringLoad(), List.of(DIRECT, TDB), 1, 1);

        assertThat(rounds.ratio("tdb:epoll", Way.PGBOUNCER, s -> s.outcome().perSecond()))
                .isNaN();
        assertThat(rounds.median(Way.DIRECT, Sample::cpuMicros)).isNaN();
    }
}
