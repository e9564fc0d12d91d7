package dev.tdb.bench.load;

import dev.tdb.bench.wire.Mode;
import dev.tdb.bench.wire.WireClient;
import dev.tdb.bench.wire.WireClient.PointQuery;
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

/** What pgbench does, where it is missing or for PostgreSQL only: a thread for each client, in this JVM. Costs more CPU. */
final class OwnDriver implements QueryLoad.Driver {
    /** A number is to follow. */
    static final String SQL = "SELECT abalance FROM pgbench_accounts WHERE aid = ";

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
        try (WireClient client = WireClient.open(way.endpoint())) {
            PointQuery query = client.prepare(mode, SQL);
            for (long now = System.nanoTime(); now < until; ) {
                query.ask(account());
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
            try (WireClient client = WireClient.open(way.endpoint())) {
                client.query(SQL + account());
            }
            long then = System.nanoTime();
            latencies.recordValue(Math.min(LATENCY_MICROS_MAX, (then - now) / 1000));
            now = then;
        }
        return latencies;
    }

    private int account() {
        return 1 + ThreadLocalRandom.current().nextInt(accounts);
    }
}
