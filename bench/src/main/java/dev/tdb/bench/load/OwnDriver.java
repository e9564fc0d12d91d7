package dev.tdb.bench.load;

import dev.tdb.bench.wire.PostgresClient;
import dev.tdb.bench.wire.PostgresRequests;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** What pgbench does, where it is missing: a thread for each client, in this JVM. Costs more CPU than pgbench. */
final class OwnDriver implements QueryLoad.Driver {
    private static final String SQL = "SELECT abalance FROM pgbench_accounts WHERE aid = ";
    private static final long LATENCY_MICROS_MAX = 60_000_000;

    private final int accounts;

    OwnDriver(int scale) {
        this.accounts = 100_000 * scale;
    }

    @Override
    public Outcome run(Way way, QueryLoad load, int seconds) throws IOException, InterruptedException {
        load.placement().move(List.of(ProcessHandle.current().pid()));
        long began = System.nanoTime();
        long until = began + TimeUnit.SECONDS.toNanos(seconds);
        Callable<Histogram> client =
                load.isReconnecting() ? () -> reconnecting(way, until) : () -> staying(way, load.mode(), until);
        Histogram all = new Histogram(LATENCY_MICROS_MAX, 3);
        try (ExecutorService threads = Executors.newFixedThreadPool(load.clients())) {
            List<Future<Histogram>> running = new ArrayList<>();
            for (int i = 0; i < load.clients(); i++) {
                running.add(threads.submit(client));
            }
            for (Future<Histogram> one : running) {
                all.add(one.get());
            }
        } catch (ExecutionException e) {
            throw new IOException("a client on the way " + way.name(), e.getCause());
        } finally {
            Placement.FREE.move(List.of(ProcessHandle.current().pid()));
        }
        double took = (System.nanoTime() - began) / 1e9;
        return new Outcome(
                all.getTotalCount(),
                all.getTotalCount() / took,
                all.getValueAtPercentile(50),
                all.getValueAtPercentile(99));
    }

    private Histogram staying(Way way, Mode mode, long until) throws IOException {
        Histogram latencies = new Histogram(LATENCY_MICROS_MAX, 3);
        try (PostgresClient client = PostgresClient.open(way.endpoint())) {
            if (mode == Mode.PREPARED) {
                client.exchange(PostgresRequests.prepare("P0_1", SQL + "$1"));
            }
            for (long now = System.nanoTime(); now < until; ) {
                client.exchange(request(mode));
                long then = System.nanoTime();
                latencies.recordValue(Math.min(LATENCY_MICROS_MAX, (then - now) / 1000));
                now = then;
            }
        }
        return latencies;
    }

    private Histogram reconnecting(Way way, long until) throws IOException {
        Histogram latencies = new Histogram(LATENCY_MICROS_MAX, 3);
        for (long now = System.nanoTime(); now < until; ) {
            try (PostgresClient client = PostgresClient.open(way.endpoint())) {
                client.exchange(request(Mode.SIMPLE));
            }
            long then = System.nanoTime();
            latencies.recordValue(Math.min(LATENCY_MICROS_MAX, (then - now) / 1000));
            now = then;
        }
        return latencies;
    }

    private byte[] request(Mode mode) {
        String aid = Integer.toString(1 + ThreadLocalRandom.current().nextInt(accounts));
        return switch (mode) {
            case SIMPLE -> PostgresRequests.query(SQL + aid + ";");
            case EXTENDED -> PostgresRequests.extended(SQL + "$1;", aid);
            case PREPARED -> PostgresRequests.execute("P0_1", aid);
        };
    }
}
