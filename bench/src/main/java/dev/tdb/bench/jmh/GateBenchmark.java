package dev.tdb.bench.jmh;

import dev.tdb.proxy.credential.ProjectId;
import dev.tdb.proxy.hold.GateLane;
import dev.tdb.proxy.hold.Hold;
import dev.tdb.proxy.hold.HoldGates;
import dev.tdb.proxy.hold.HoldTerms;
import dev.tdb.proxy.hold.Released;
import dev.tdb.proxy.route.DatabaseName;
import dev.tdb.proxy.route.Engine;
import dev.tdb.proxy.route.Route;
import dev.tdb.proxy.route.RouteKey;
import dev.tdb.proxy.route.RouteState;
import dev.tdb.proxy.route.RouteTable;
import dev.tdb.proxy.route.ServerAddress;
import dev.tdb.proxy.route.ServerTls;
import dev.tdb.proxy.route.Target;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What the gate costs a unit that passes, and what a hold of a route with 1,000 sessions costs its event loop. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class GateBenchmark {
    private static final EventExecutor LOOP = ImmediateEventExecutor.INSTANCE;
    private static final HoldTerms TERMS = new HoldTerms(HoldTerms.Cause.CUTOVER, Duration.ofSeconds(10));
    private static final int SESSIONS = 1_000;

    /** Some routes, each with a lane, asked one after the other. */
    @State(Scope.Thread)
    public static class Routes {
        @Param({"1", "10000"})
        public int routes = 1;

        private final List<RouteKey> keys = new ArrayList<>();
        private final List<GateLane> lanes = new ArrayList<>();
        private RouteTable table = RouteTable.empty();
        private int next;

        @Setup
        public void prepare() {
            HoldGates gates = new HoldGates(List.of(LOOP));
            List<Route> all = new ArrayList<>();
            for (int i = 0; i < routes; i++) {
                RouteKey key = key("t" + i);
                keys.add(key);
                lanes.add(gates.lane(LOOP, key));
                all.add(route(key));
            }
            table = RouteTable.of(1, all);
        }

        private int next() {
            next = next + 1 == routes ? 0 : next + 1;
            return next;
        }
    }

    /** A route with sessions that have nothing in flight. */
    @State(Scope.Thread)
    public static class Busy {
        private final RouteKey key = key("busy");
        private final HoldGates gates = new HoldGates(List.of(LOOP));
        private final GateLane lane = gates.lane(LOOP, key);
        private final List<CalmSession> sessions = new ArrayList<>();

        @Setup
        public void join() {
            for (int i = 0; i < SESSIONS; i++) {
                CalmSession session = new CalmSession(lane);
                lane.join(session);
                sessions.add(session);
            }
        }

        @TearDown(Level.Trial)
        public void leave() {
            sessions.forEach(session -> lane.leave(session, ""));
        }
    }

    @Benchmark
    public boolean admission(Routes routes) {
        return routes.lanes.get(routes.next()).isHolding();
    }

    @Benchmark
    public Optional<Route> lookUp(Routes routes) {
        return routes.table.find(routes.keys.get(routes.next()));
    }

    @Benchmark
    @OutputTimeUnit(TimeUnit.MICROSECONDS)
    public Released holdAndReleaseOf1000Sessions(Busy busy) {
        Hold hold = busy.gates.hold(busy.key, 1, TERMS);
        hold.drained().join();
        Released released = hold.release().join();
        if (released.stayed() != SESSIONS) {
            throw new IllegalStateException(released.toString());
        }
        return released;
    }

    private static RouteKey key(String tenant) {
        return new RouteKey(Engine.POSTGRES, new ProjectId("tdb_bench"), new DatabaseName("bench", tenant));
    }

    private static Route route(RouteKey key) {
        Target target = new Target("pg", new ServerAddress("127.0.0.1", 5432), ServerTls.disabled(), "bench", Map.of());
        return new Route(key, 1, target, new RouteState.Open());
    }
}
