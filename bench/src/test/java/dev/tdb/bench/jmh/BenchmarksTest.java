package dev.tdb.bench.jmh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.tdb.proxy.relay.Transport;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Each benchmark runs. How fast is not looked at here. */
class BenchmarksTest {
    @Test
    void framingPassesEveryRoundToItsSafePoint() throws RunnerException {
        assertThat(new Runner(once(FramingBenchmark.class).build()).run()).hasSize(8);
    }

    @Test
    void gatesAdmitLookUpHoldAndRelease() throws RunnerException {
        assertThat(new Runner(once(GateBenchmark.class).build()).run()).hasSize(5);
    }

    @Test
    void aQueryIsRelayedOverLoopback() throws RunnerException {
        assumeThat(Transport.EPOLL.isAvailable()).as("epoll is Linux's").isTrue();
        ChainedOptionsBuilder options = once(RelayBenchmark.class).param("through", "DIRECT", "EPOLL");

        var results = new Runner(options.build()).run();

        assertThat(results).hasSize(4);
        assertThat(results).map(BenchmarksTest::count).allMatch(count -> count > 0);
    }

    private static long count(RunResult result) {
        return result.getPrimaryResult().getSampleCount();
    }

    /** In this JVM, one iteration as short as can be, and an error fails. */
    private static ChainedOptionsBuilder once(Class<?> benchmark) {
        return new OptionsBuilder()
                .include("\\." + benchmark.getSimpleName() + "\\.")
                .forks(0)
                .warmupIterations(0)
                .measurementIterations(1)
                .measurementTime(TimeValue.milliseconds(20))
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT);
    }
}
