package dev.tdb.control.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the control database owes to many callers at once, whichever it is. */
abstract class StateStoreContract {
    private static final int CALLERS = 200;
    private static final Duration WAIT_MAX = Duration.ofSeconds(3);

    @TempDir
    Path directory;

    /** An empty database. */
    abstract StoreSettings settings();

    @Test
    void whoeverComesGetsHisTurnHoweverLongThoseBeforeHimTake() throws Exception {
        try (StateStore store = StateStore.open(settings(), WAIT_MAX);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            CountDownLatch goOn = new CountDownLatch(1);
            AtomicInteger inside = new AtomicInteger();
            List<Future<String>> writes = new ArrayList<>();
            for (int i = 0; i < CALLERS; i++) {
                String name = "n" + i;
                writes.add(threads.submit(() -> store.write(tables -> {
                    inside.incrementAndGet();
                    awaited(goOn);
                    tables.installation().put(name, name);
                    return name;
                })));
            }
            await().until(() -> inside.get() > 0);
            long since = System.nanoTime();
            await().until(() ->
                    System.nanoTime() - since > WAIT_MAX.plusSeconds(1).toNanos());

            goOn.countDown();

            for (int i = 0; i < CALLERS; i++) {
                assertThat(writes.get(i).get()).isEqualTo("n" + i);
                String name = "n" + i;
                assertThat(store.<Boolean>read(
                                tables -> tables.installation().find(name).isPresent()))
                        .isTrue();
            }
        }
    }

    private static void awaited(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
