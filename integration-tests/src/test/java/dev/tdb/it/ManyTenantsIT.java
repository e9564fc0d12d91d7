package dev.tdb.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tdb.local.PostgresServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many tenants on one server, made over the API of the packaged program: how long each takes, and what it costs. */
final class ManyTenantsIT {
    private static final int TENANTS = Integer.getInteger("tdb.tenants", 50);
    private static final int AT_ONCE = 4;
    private static final int KNOCKED_AT = 50;
    private static final List<String> FLAGS = List.of("-Xmx256m", "-XX:+UseSerialGC");

    @Test
    void everyTenantIsMadeAndServed(@TempDir Path directory) throws Exception {
        try (PostgresServer server =
                        TestServers.postgres(directory.resolve("server")).start();
                ServedProgram program = ServedProgram.start(directory.resolve("state"), FLAGS)) {
            OperatorApi api = program.api();
            api.host("one", server);
            api.blueprint("it", "CREATE TABLE items (name text)");
            long bytesBefore = program.residentBytes();
            ConcurrentLinkedQueue<Long> nanos = new ConcurrentLinkedQueue<>();

            long start = System.nanoTime();
            Map<String, Endpoint> doors = makeAll(api, nanos);
            long took = System.nanoTime() - start;

            List<Long> sorted = new ArrayList<>(nanos);
            Collections.sort(sorted);
            System.out.printf(
                    "%d tenants, %d at once: %.1f s; a create takes %d ms (median), %d ms (p99), %d ms (longest);"
                            + " resident %d MiB before, %d MiB after%n",
                    TENANTS,
                    AT_ONCE,
                    took / 1e9,
                    sorted.get(TENANTS / 2) / 1_000_000,
                    sorted.get(TENANTS * 99 / 100) / 1_000_000,
                    sorted.getLast() / 1_000_000,
                    bytesBefore >> 20,
                    program.residentBytes() >> 20);
            assertThat(Story.told(api, server, "it").statuses())
                    .hasSize(TENANTS)
                    .allSatisfy(
                            (tenant, status) -> assertThat(status).as(tenant).isEqualTo("ready"));
            for (int i = 0; i < KNOCKED_AT; i++) {
                Endpoint door = doors.get("t" + (long) i * TENANTS / KNOCKED_AT);
                assertThat(door.knock()).as(door.database()).isEqualTo("00000");
            }
        }
    }

    private static Map<String, Endpoint> makeAll(OperatorApi api, ConcurrentLinkedQueue<Long> nanos) throws Exception {
        Map<String, Endpoint> doors = new ConcurrentHashMap<>();
        Semaphore turns = new Semaphore(AT_ONCE);
        List<Future<?>> made = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < TENANTS; i++) {
                String tenant = "t" + i;
                made.add(threads.submit(() -> {
                    turns.acquire();
                    try {
                        long asked = System.nanoTime();
                        doors.put(tenant, api.tenant(tenant, "it"));
                        nanos.add(System.nanoTime() - asked);
                    } finally {
                        turns.release();
                    }
                    return tenant;
                }));
            }
            for (Future<?> one : made) {
                one.get();
            }
        }
        return doors;
    }
}
