package dev.tdb.bench.load;

import dev.tdb.bench.wire.WireClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** How much a relay's resident memory grows by sessions that had one query each and do nothing. */
final class IdleSessions {
    private static final int FIRST = 20;
    private static final int SETTLE_SECONDS = 2;
    private static final String QUERY = "SELECT 1";

    private IdleSessions() {}

    static String measure(Way way, int sessions) throws IOException, InterruptedException {
        List<WireClient> clients = new ArrayList<>();
        try {
            // What every process needs once is not counted to the sessions.
            open(way, FIRST, clients);
            TimeUnit.SECONDS.sleep(SETTLE_SECONDS);
            long before = ProcStat.rss(way.relayPid().orElseThrow());
            open(way, sessions, clients);
            TimeUnit.SECONDS.sleep(SETTLE_SECONDS);
            long after = ProcStat.rss(way.relayPid().orElseThrow());
            return String.format(
                    Locale.ROOT,
                    "| %s | %d | %.1f | %.1f | %.1f |",
                    way.name(),
                    sessions,
                    before / 1048576.0,
                    after / 1048576.0,
                    (after - before) / 1024.0 / sessions);
        } finally {
            for (WireClient client : clients) {
                client.close();
            }
        }
    }

    private static void open(Way way, int count, List<WireClient> clients) throws IOException {
        for (int i = 0; i < count; i++) {
            WireClient client = WireClient.open(way.endpoint());
            clients.add(client);
            client.query(QUERY);
        }
    }
}
