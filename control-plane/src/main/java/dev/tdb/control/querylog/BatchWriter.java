package dev.tdb.control.querylog;

import dev.tdb.proxy.observe.QueryEvent;
import dev.tdb.proxy.route.RouteKey;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Writes batches of events to one file, each batch in one transaction. Used by one thread; owns its connection. */
final class BatchWriter implements AutoCloseable {
    /** The span of one rollup. */
    static final Duration SLOT = Duration.ofMinutes(10);

    private static final long MICROS_PER_SLOT = SLOT.toNanos() / 1000;

    private final LogFiles.LogFile file;
    private final Connection connection;
    private final PreparedStatement insertEntry;
    private final PreparedStatement addToRollup;
    private final long slowNanos;
    private final Map<Owner, Integer> tenantNumbers = new HashMap<>();

    private record Owner(String project, String tenant) {}

    private record RollupKey(int tenant, long slot, String source, int bucket) {}

    private static final class Rollup {
        private long count;
        private long failed;
        private long slow;
        private long sumNanos;
        private long maxNanos;
    }

    BatchWriter(LogFiles.LogFile file, Connection connection, Duration slow) throws SQLException {
        this.file = file;
        this.connection = connection;
        this.slowNanos = slow.toNanos();
        this.insertEntry = connection.prepareStatement("INSERT INTO entries (tenant_no, at_us, blueprint, engine,"
                + " source, login, client, query, error_code, error, slow, duration_ns, held_ns, row_count, bytes)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
        this.addToRollup = connection.prepareStatement("INSERT INTO rollups (tenant_no, slot, source, bucket, count,"
                + " failed, slow, sum_ns, max_ns) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
                + " ON CONFLICT (tenant_no, slot, source, bucket) DO UPDATE SET count = count + excluded.count,"
                + " failed = failed + excluded.failed, slow = slow + excluded.slow,"
                + " sum_ns = sum_ns + excluded.sum_ns, max_ns = max(max_ns, excluded.max_ns)");
    }

    LogFiles.LogFile file() {
        return file;
    }

    static long slot(long micros) {
        return Math.floorDiv(micros, MICROS_PER_SLOT);
    }

    static long slotStartMicros(long slot) {
        return slot * MICROS_PER_SLOT;
    }

    void write(List<QueryEvent> events) throws SQLException {
        try {
            Map<RollupKey, Rollup> rollups = new HashMap<>();
            for (QueryEvent event : events) {
                int tenant = tenantNumber(event.route());
                bindEntry(tenant, event);
                insertEntry.addBatch();
                count(rollups, tenant, event);
            }
            insertEntry.executeBatch();
            for (Map.Entry<RollupKey, Rollup> entry : rollups.entrySet()) {
                bindRollup(entry.getKey(), entry.getValue());
                addToRollup.addBatch();
            }
            addToRollup.executeBatch();
            connection.commit();
        } catch (SQLException e) {
            insertEntry.clearBatch();
            addToRollup.clearBatch();
            tenantNumbers.clear();
            connection.rollback();
            throw e;
        }
    }

    private void bindEntry(int tenant, QueryEvent event) throws SQLException {
        insertEntry.setInt(1, tenant);
        insertEntry.setLong(2, event.startedAtMicros());
        insertEntry.setString(3, event.route().database().blueprint());
        insertEntry.setString(4, event.route().engine().word());
        insertEntry.setString(5, LogFiles.word(event.source()));
        insertEntry.setString(6, event.user());
        insertEntry.setString(7, event.client());
        insertEntry.setString(8, event.text());
        insertEntry.setString(9, event.errorCode());
        insertEntry.setString(10, event.error());
        insertEntry.setInt(11, event.durationNanos() >= slowNanos ? 1 : 0);
        insertEntry.setLong(12, event.durationNanos());
        insertEntry.setLong(13, event.heldNanos());
        insertEntry.setLong(14, event.rows());
        insertEntry.setLong(15, event.bytes());
    }

    private void count(Map<RollupKey, Rollup> rollups, int tenant, QueryEvent event) {
        Rollup rollup = rollups.computeIfAbsent(
                new RollupKey(
                        tenant,
                        slot(event.startedAtMicros()),
                        LogFiles.word(event.source()),
                        LatencyBuckets.of(event.durationNanos())),
                key -> new Rollup());
        rollup.count++;
        rollup.failed += event.success() ? 0 : 1;
        rollup.slow += event.durationNanos() >= slowNanos ? 1 : 0;
        rollup.sumNanos += event.durationNanos();
        rollup.maxNanos = Math.max(rollup.maxNanos, event.durationNanos());
    }

    private void bindRollup(RollupKey key, Rollup rollup) throws SQLException {
        addToRollup.setInt(1, key.tenant());
        addToRollup.setLong(2, key.slot());
        addToRollup.setString(3, key.source());
        addToRollup.setInt(4, key.bucket());
        addToRollup.setLong(5, rollup.count);
        addToRollup.setLong(6, rollup.failed);
        addToRollup.setLong(7, rollup.slow);
        addToRollup.setLong(8, rollup.sumNanos);
        addToRollup.setLong(9, rollup.maxNanos);
    }

    /** A tenant's number in this file; made when it is new. */
    private int tenantNumber(RouteKey route) throws SQLException {
        Owner owner = new Owner(route.project().value(), route.database().tenant());
        Integer known = tenantNumbers.get(owner);
        if (known != null) {
            return known;
        }
        try (PreparedStatement insert = connection.prepareStatement(
                        "INSERT INTO tenants (project, tenant) VALUES (?, ?) ON CONFLICT DO NOTHING");
                PreparedStatement select =
                        connection.prepareStatement("SELECT no FROM tenants WHERE project = ? AND tenant = ?")) {
            insert.setString(1, owner.project());
            insert.setString(2, owner.tenant());
            insert.executeUpdate();
            select.setString(1, owner.project());
            select.setString(2, owner.tenant());
            try (ResultSet row = select.executeQuery()) {
                row.next();
                int number = row.getInt(1);
                tenantNumbers.put(owner, number);
                return number;
            }
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
