package dev.tdb.control.tenant;

import dev.tdb.control.operation.Rounds;
import dev.tdb.control.store.StateStore;
import dev.tdb.control.store.TenantRows;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes for good what has been in the trash for long enough. What fails is tried again, each time later. */
public final class TrashKeeper implements AutoCloseable {
    private static final Duration PAUSE_MIN = Duration.ofMinutes(1);
    private static final Duration PAUSE_MAX = Duration.ofHours(4);
    private static final Logger log = LoggerFactory.getLogger(TrashKeeper.class);

    private final StateStore store;
    private final TenantRemoval removal;
    private final Duration kept;
    private final InstantSource clock;
    private final Rounds rounds = new Rounds("trash keeper", this::round);

    /** Guarded by this. */
    private final Map<TenantRows.Row, Pause> paused = new HashMap<>();

    public TrashKeeper(StateStore store, TenantRemoval removal, Duration kept, InstantSource clock) {
        this.store = store;
        this.removal = removal;
        this.kept = kept;
        this.clock = clock;
    }

    /** After a purge that failed: each is an operation of the journal, so they must not come too often. */
    private record Pause(long until, Duration length) {}

    public void start() {
        rounds.start();
    }

    /** Empties the trash once of all that is due. */
    public synchronized void round() {
        long now = clock.millis();
        long until = now - kept.toMillis();
        List<TenantRows.Row> due = store.read(tables -> tables.tenants().trashedUntil(until));
        paused.keySet().retainAll(due);
        for (TenantRows.Row tenant : due) {
            Pause pause = paused.get(tenant);
            if (pause == null || pause.until() <= now) {
                purge(tenant, until, pause == null ? PAUSE_MIN : pause.length().multipliedBy(2));
            }
        }
    }

    private void purge(TenantRows.Row tenant, long until, Duration afterFailure) {
        try {
            removal.purge(tenant.project(), tenant.id(), until);
            paused.remove(tenant);
        } catch (RuntimeException e) {
            Duration length = afterFailure.compareTo(PAUSE_MAX) > 0 ? PAUSE_MAX : afterFailure;
            paused.put(tenant, new Pause(clock.millis() + length.toMillis(), length));
            log.atWarn()
                    .addKeyValue("tenant", tenant.id())
                    .addKeyValue("again_in", length)
                    .setCause(e)
                    .log("a tenant stays in the trash");
        }
    }

    @Override
    public void close() {
        rounds.close();
    }
}
