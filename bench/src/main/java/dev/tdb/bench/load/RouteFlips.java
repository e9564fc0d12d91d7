package dev.tdb.bench.load;

import dev.tdb.bench.wire.Mode;
import dev.tdb.bench.wire.WireClient;
import dev.tdb.bench.wire.WireClient.PointQuery;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * The pause that clients see when the route of their tenant is flipped while they query: for each session and flip the
 * longest gap between two replies around it. Beside it the same without a flip, which is the machine's own noise.
 */
final class RouteFlips {
    private static final long WINDOW_MILLIS = 400;
    private static final long GAP_MICROS_MAX = 60_000_000;
    private static final int ACCOUNTS = 100_000;

    private final Flippable relay;
    private final int sessions;
    private final int flips;
    private volatile boolean running = true;

    RouteFlips(Flippable relay, int sessions, int flips) {
        this.relay = relay;
        this.sessions = sessions;
        this.flips = flips;
    }

    /** When replies came, in order, of one session. */
    private static final class Replies {
        private long[] times = new long[1 << 16];
        private int count;

        void add(long nanos) {
            if (count == times.length) {
                times = java.util.Arrays.copyOf(times, 2 * count);
            }
            times[count++] = nanos;
        }

        /** The longest gap that has a part between two moments. */
        long longestGap(long from, long to) {
            long longest = 0;
            for (int i = 1; i < count; i++) {
                if (times[i] > from && times[i - 1] < to) {
                    longest = Math.max(longest, times[i] - times[i - 1]);
                }
            }
            return longest;
        }
    }

    /** @return lines of a Markdown table, with its head */
    List<String> measure() throws IOException, InterruptedException {
        List<Replies> replies = new ArrayList<>();
        Histogram quiet = new Histogram(GAP_MICROS_MAX, 3);
        Histogram flipped = new Histogram(GAP_MICROS_MAX, 3);
        List<long[]> quietWindows = new ArrayList<>();
        List<long[]> flipWindows = new ArrayList<>();
        String last = "";
        try (ExecutorService threads = Executors.newFixedThreadPool(sessions)) {
            List<Future<Replies>> clients = new ArrayList<>();
            for (int i = 0; i < sessions; i++) {
                clients.add(threads.submit(this::queryOn));
            }
            try {
                TimeUnit.SECONDS.sleep(5);
                for (int i = 0; i < flips; i++) {
                    long quietFrom = System.nanoTime();
                    TimeUnit.MILLISECONDS.sleep(WINDOW_MILLIS);
                    long from = System.nanoTime();
                    last = relay.flip();
                    TimeUnit.MILLISECONDS.sleep(WINDOW_MILLIS);
                    quietWindows.add(new long[] {quietFrom, from});
                    flipWindows.add(new long[] {from, System.nanoTime()});
                    TimeUnit.MILLISECONDS.sleep(WINDOW_MILLIS);
                }
            } finally {
                running = false;
            }
            for (Future<Replies> client : clients) {
                replies.add(client.get());
            }
        } catch (ExecutionException e) {
            throw new IOException("a session did not survive a flip", e.getCause());
        }
        gaps(replies, quietWindows, quiet);
        gaps(replies, flipWindows, flipped);
        return List.of(
                "",
                "| longest gap between replies, ms | p50 | p99 | max |",
                "|---|--:|--:|--:|",
                row(relay.way().name() + ", no flip", quiet),
                row(relay.way().name() + ", flip, " + sessions + " sessions", flipped),
                "",
                flips + " flips; the last one: " + last);
    }

    private static void gaps(List<Replies> replies, List<long[]> windows, Histogram gaps) {
        for (long[] window : windows) {
            for (Replies one : replies) {
                gaps.recordValue(Math.min(GAP_MICROS_MAX, one.longestGap(window[0], window[1]) / 1000));
            }
        }
    }

    private Replies queryOn() throws IOException {
        Replies replies = new Replies();
        try (WireClient client = WireClient.open(relay.way().endpoint())) {
            PointQuery query = client.prepare(Mode.SIMPLE, OwnDriver.SQL);
            while (running) {
                query.ask(1 + ThreadLocalRandom.current().nextInt(ACCOUNTS));
                replies.add(System.nanoTime());
            }
        }
        return replies;
    }

    private static String row(String name, Histogram gaps) {
        return String.format(
                Locale.ROOT,
                "| %s | %.1f | %.1f | %.1f |",
                name,
                gaps.getValueAtPercentile(50) / 1000.0,
                gaps.getValueAtPercentile(99) / 1000.0,
                gaps.getMaxValue() / 1000.0);
    }
}
