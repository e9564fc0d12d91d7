package dev.tdb.control.querylog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tdb.proxy.credential.ProjectId;
import dev.tdb.proxy.observe.QueryEvent;
import dev.tdb.proxy.observe.QueryEvents;
import dev.tdb.proxy.route.DatabaseName;
import dev.tdb.proxy.route.Engine;
import dev.tdb.proxy.route.RouteKey;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that is killed while it writes. */
class KilledWriterTest {
    private static final ProjectId PROJECT = new ProjectId("tdb_00000001");
    private static final int KILLS = 3;

    @TempDir
    Path directory;

    /** Writes without an end. */
    static final class Child {
        private Child() {}

        public static void main(String[] arguments) {
            QueryEvents events = new QueryEvents(1 << 12);
            new QueryLogWriter(events, QueryLogSettings.in(Path.of(arguments[0])), Map.of(), InstantSource.system())
                    .start();
            for (int i = 0; i >= 0; i++) {
                events.offer(event("tenant" + i % 7, "SELECT " + i));
                LockSupport.parkNanos(20_000);
            }
        }
    }

    private static QueryEvent event(String tenant, String text) {
        return new QueryEvent(
                new RouteKey(Engine.POSTGRES, PROJECT, new DatabaseName("shop", tenant)),
                QueryEvent.Source.PROXY,
                LogSearch.micros(Instant.now()),
                "key_1",
                "127.0.0.1:5000",
                text,
                "",
                "",
                1_000_000,
                0,
                1,
                100);
    }

    private QueryLog reader(QueryLogSettings settings) {
        QueryEvents events = QueryEvents.off();
        return new QueryLog(
                settings,
                events,
                new QueryLogWriter(events, settings, Map.of(), InstantSource.system()),
                InstantSource.system());
    }

    @Test
    void leavesALogThatAgreesWithItselfAndIsGoneOnWith() throws IOException, InterruptedException {
        QueryLogSettings settings = QueryLogSettings.in(directory);
        QueryLog log = reader(settings);
        long before = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            Process child = new ProcessBuilder(List.of(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "--enable-native-access=ALL-UNNAMED",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Child.class.getName(),
                            directory.toString()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try {
                long seen = before;
                await().atMost(Duration.ofSeconds(30))
                        .until(() -> log.stats(PROJECT, "tenant3", null).total() > seen + 100);
            } finally {
                child.destroyForcibly().waitFor();
            }

            long counted = log.stats(PROJECT, "tenant3", null).total();
            assertThat(entries(log)).isEqualTo(counted);
            assertThat(counted).isGreaterThan(before);
            before = counted;
        }
    }

    /** Page by page; each entry once. */
    private static long entries(QueryLog log) {
        Set<String> ids = new HashSet<>();
        LogFilter filter = new LogFilter(1000, 0, null, "", null, null, null);
        LogPage page = log.search(PROJECT, "tenant3", filter);
        while (true) {
            page.entries().forEach(entry -> assertThat(ids.add(entry.id())).isTrue());
            if (!page.hasMore()) {
                return ids.size();
            }
            String last = page.entries().getLast().id();
            page = log.search(PROJECT, "tenant3", new LogFilter(1000, 0, null, "", null, null, last));
        }
    }
}
