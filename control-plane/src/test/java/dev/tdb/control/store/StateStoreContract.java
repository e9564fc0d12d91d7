package dev.tdb.control.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
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

    @Test
    void aDatabaseOfANewerProgramIsLeftAlone() throws Exception {
        StoreSettings settings = settings();
        StateStore.open(settings).close();
        try (Connection connection = DriverManager.getConnection(
                        settings.jdbcUrl(), settings.user(), settings.password().reveal());
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "INSERT INTO schema_versions (installed_rank, version, description, type, script, checksum,"
                        + " installed_by, execution_time, success) SELECT 999, '999', description, type, script,"
                        + " checksum, installed_by, execution_time, success FROM schema_versions WHERE version = '1'");
        }

        assertThatThrownBy(() -> StateStore.open(settings))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("newer tdb (its schema is at version 999)");
    }

    private static void awaited(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
