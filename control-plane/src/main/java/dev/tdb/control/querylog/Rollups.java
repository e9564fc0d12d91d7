package dev.tdb.control.querylog;

import dev.tdb.proxy.observe.QueryEvent;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Entries added up by tenant, source and minute of their end, written with the entries in one transaction. Used by one
 * thread.
 */
final class Rollups {
    static final long MICROS_PER_SLOT = 60_000_000;

    private static final int OPEN_MAX = 20_000;

    private final PreparedStatement select;
    private final PreparedStatement replace;
    private final Map<Key, Rollup> open = new HashMap<>();
    private final Set<Key> changed = new HashSet<>();
    private @Nullable Key lastKey;
    private Rollup last = new Rollup();

    private record Key(int tenantNo, long slot, boolean isApi) {}

    private static final class Rollup {
        private final LatencyHistogram latencies = new LatencyHistogram();
        private long count;
        private long failed;
        private long slow;
        private long held;
        private long sumNanos;
        private long maxNanos;
    }

    Rollups(Connection connection) throws SQLException {
        this.select = connection.prepareStatement("SELECT count, failed, slow, held, sum_ns, max_ns, latencies"
                + " FROM rollups WHERE tenant_no = ? AND slot = ? AND api = ?");
        this.replace = connection.prepareStatement("REPLACE INTO rollups (tenant_no, slot, api, count, failed, slow,"
                + " held, sum_ns, max_ns, latencies) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    }

    static long slot(long micros) {
        return Math.floorDiv(micros, MICROS_PER_SLOT);
    }

    void count(int tenantNo, boolean isApi, boolean isSlow, QueryEvent event) throws SQLException {
        long nanos = event.durationNanos();
        Rollup rollup = rollup(new Key(tenantNo, slot(event.startedAtMicros() + nanos / 1000), isApi));
        rollup.latencies.add(nanos);
        rollup.count++;
        rollup.failed += event.success() ? 0 : 1;
        rollup.slow += isSlow ? 1 : 0;
        rollup.held += event.heldNanos() > 0 ? 1 : 0;
        rollup.sumNanos += nanos;
        rollup.maxNanos = Math.max(rollup.maxNanos, nanos);
    }

    /** Entries come sorted by tenant: most often it is that of the entry before. */
    private Rollup rollup(Key key) throws SQLException {
        if (key.equals(lastKey)) {
            return last;
        }
        Rollup rollup = open.get(key);
        if (rollup == null) {
            rollup = read(key);
            open.put(key, rollup);
        }
        changed.add(key);
        lastKey = key;
        last = rollup;
        return rollup;
    }

    private Rollup read(Key key) throws SQLException {
        select.setInt(1, key.tenantNo());
        select.setLong(2, key.slot());
        select.setInt(3, key.isApi() ? 1 : 0);
        Rollup rollup = new Rollup();
        try (ResultSet row = select.executeQuery()) {
            if (row.next()) {
                rollup.count = row.getLong(1);
                rollup.failed = row.getLong(2);
                rollup.slow = row.getLong(3);
                rollup.held = row.getLong(4);
                rollup.sumNanos = row.getLong(5);
                rollup.maxNanos = row.getLong(6);
                rollup.latencies.addEncoded(row.getBytes(7));
            }
        }
        return rollup;
    }

    /** What was counted since the last time. */
    void write() throws SQLException {
        for (Key key : changed) {
            Rollup rollup = open.get(key);
            if (rollup != null) {
                replace.setInt(1, key.tenantNo());
                replace.setLong(2, key.slot());
                replace.setInt(3, key.isApi() ? 1 : 0);
                replace.setLong(4, rollup.count);
                replace.setLong(5, rollup.failed);
                replace.setLong(6, rollup.slow);
                replace.setLong(7, rollup.held);
                replace.setLong(8, rollup.sumNanos);
                replace.setLong(9, rollup.maxNanos);
                replace.setBytes(10, rollup.latencies.encoded());
                replace.addBatch();
            }
        }
        replace.executeBatch();
        long newest = changed.stream().mapToLong(Key::slot).max().orElse(Long.MIN_VALUE);
        changed.clear();
        lastKey = null;
        open.keySet().removeIf(key -> key.slot() < newest - 1);
        if (open.size() > OPEN_MAX) {
            open.clear();
        }
    }

    /** After a batch that was not written. */
    void forget() throws SQLException {
        replace.clearBatch();
        changed.clear();
        lastKey = null;
        open.clear();
    }
}
