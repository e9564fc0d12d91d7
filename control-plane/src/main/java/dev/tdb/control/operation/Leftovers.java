package dev.tdb.control.operation;

import dev.tdb.control.store.OperationRows;
import dev.tdb.control.store.StateStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends operations that run in the journal and nowhere else: the process that ran them is gone, or the control database did
 * not take their end. It is tried again and again, until they have one: as long as they have none, their tenants can have
 * no other operation.
 */
public final class Leftovers implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Leftovers.class);
    private static final Duration RETRY_MIN = Duration.ofSeconds(1);
    private static final Duration RETRY_MAX = Duration.ofSeconds(30);

    private final StateStore store;
    private final CountDownLatch closing = new CountDownLatch(1);

    /** Who waits for an end, by operation. Guarded by itself. */
    private final Map<String, List<Runnable>> waiting = new HashMap<>();

    private volatile Consumer<OperationRows.Row> ending = operation -> {
        throw new IllegalStateException("nobody has said yet how operations are ended");
    };

    public Leftovers(StateStore store) {
        this.store = store;
    }

    /** @param ending ends one operation, whatever it had come to; throws when that cannot be done now */
    public void endWith(Consumer<OperationRows.Row> ending) {
        this.ending = ending;
    }

    /** What an earlier process left running, oldest first. One that cannot be ended now keeps no other from it. */
    public void endAll() {
        for (OperationRows.Row operation :
                store.read(tables -> tables.operations().running())) {
            log.atInfo()
                    .addKeyValue("operation", operation.id())
                    .addKeyValue("type", operation.type())
                    .log("operation taken up");
            if (!ended(operation.id())) {
                endLater(operation.id(), () -> {});
            }
        }
    }

    /** Does the work of an operation that has begun. If it throws and leaves the operation running, that is ended later. */
    public <T> T watch(String operationId, Supplier<T> work) {
        try {
            return work.get();
        } catch (RuntimeException e) {
            endLater(operationId, () -> {});
            throw e;
        }
    }

    /** @param then runs when the operation has ended */
    public void endLater(String operationId, Runnable then) {
        synchronized (waiting) {
            List<Runnable> known = waiting.get(operationId);
            if (known != null) {
                known.add(then); // Never twice at once: what ends it last could meet the tenant's next operation.
                return;
            }
            waiting.put(operationId, new ArrayList<>(List.of(then)));
        }
        Thread.ofVirtual().name("ending " + operationId).start(() -> {
            try {
                for (Duration pause = RETRY_MIN; !ended(operationId); pause = next(pause)) {
                    if (closing.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                        return;
                    }
                }
                ready(operationId).forEach(Runnable::run);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private List<Runnable> ready(String operationId) {
        synchronized (waiting) {
            return Optional.ofNullable(waiting.remove(operationId)).orElse(List.of());
        }
    }

    private static Duration next(Duration pause) {
        Duration longer = pause.multipliedBy(2);
        return longer.compareTo(RETRY_MAX) > 0 ? RETRY_MAX : longer;
    }

    private boolean ended(String operationId) {
        try {
            Optional<OperationRows.Row> row =
                    store.read(tables -> tables.operations().find(operationId));
            row.filter(found -> found.state().equals(OperationRows.RUNNING)).ifPresent(ending);
            return true;
        } catch (RuntimeException e) {
            if (closing.getCount() > 0) {
                log.atError()
                        .addKeyValue("operation", operationId)
                        .setCause(e)
                        .log("an operation could not be ended, it is tried again");
            }
            return false;
        }
    }

    /** What has no end by now gets it from the next process. */
    @Override
    public void close() {
        closing.countDown();
    }
}
