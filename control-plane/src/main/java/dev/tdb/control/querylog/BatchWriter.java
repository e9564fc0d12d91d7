package dev.tdb.control.querylog;

import com.github.luben.zstd.ZstdCompressCtx;
import dev.tdb.control.engine.LiteralMask;
import dev.tdb.proxy.observe.QueryEvent;
import dev.tdb.proxy.route.Engine;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Writes batches of events to one file, each batch in one transaction. Used by one thread; owns its connection. */
final class BatchWriter implements AutoCloseable {
    private static final int COMPRESSION_LEVEL = 1;

    private final LogFiles.LogFile file;
    private final Connection connection;
    private final PreparedStatement replace;
    private final Owners owners;
    private final Rollups rollups;
    private final Terms terms;
    private final ZstdCompressCtx zstd = new ZstdCompressCtx().setLevel(COMPRESSION_LEVEL);
    private final Set<Owners.Tenant> touched = new HashSet<>();

    /**
     * What becomes of an event.
     *
     * @param slow from which duration on a query is slow
     * @param masks how literals are masked; empty when they are kept
     */
    record Terms(Duration slow, Map<Engine, LiteralMask> masks) {}

    BatchWriter(LogFiles.LogFile file, Connection connection, Terms terms) throws SQLException {
        this.file = file;
        this.connection = connection;
        this.owners = new Owners(connection);
        this.rollups = new Rollups(connection);
        this.terms = terms;
        this.replace = connection.prepareStatement(
                "REPLACE INTO blocks (id, count, ended_us, failed, slow, api, data)" + " VALUES (?, ?, ?, ?, ?, ?, ?)");
    }

    LogFiles.LogFile file() {
        return file;
    }

    void write(List<QueryEvent> events) throws SQLException {
        try {
            for (QueryEvent event : events) {
                add(event);
            }
            // In the order in which they lie in the table.
            for (Owners.Tenant tenant : touched.stream()
                    .sorted(Comparator.comparingInt(Owners.Tenant::no))
                    .toList()) {
                put(tenant.block());
            }
            replace.executeBatch();
            rollups.write();
            connection.commit();
            owners.batchWritten(touched);
            touched.clear();
        } catch (SQLException e) {
            replace.clearBatch();
            touched.clear();
            owners.forget();
            rollups.forget();
            rollback(e);
            throw e;
        }
    }

    /** A disk that is full has rolled back already, and says so instead of why. */
    private void rollback(SQLException cause) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }

    private void add(QueryEvent event) throws SQLException {
        Owners.Owner owner = owners.of(event.route(), event.user());
        boolean isSlow = event.durationNanos() >= terms.slow().toNanos();
        rollups.count(owner.tenant().no(), event.source() == QueryEvent.Source.API, isSlow, event);
        LiteralMask mask = terms.masks().get(event.route().engine());
        String text = mask == null ? cut(event.text()) : mask.mask(cut(event.text()));
        // What a server says of an error quotes the values it is about.
        String error = mask == null ? cut(event.error()) : "";
        if (owner.tenant().block().isFull()) {
            put(owner.tenant().block());
            owner.tenant().nextBlock();
        }
        owner.tenant().block().add(event, owner.originNo(), isSlow, text, error);
        touched.add(owner.tenant());
    }

    private void put(BlockBuilder block) throws SQLException {
        replace.setLong(1, block.firstRow());
        replace.setInt(2, block.count());
        replace.setLong(3, block.endedMicros());
        replace.setInt(4, block.failed());
        replace.setInt(5, block.slow());
        replace.setInt(6, block.api());
        replace.setBytes(7, block.data(zstd));
        replace.addBatch();
    }

    /** What came over the wire was cut there. */
    private static String cut(String text) {
        return text.length() <= QueryEvent.TEXT_BYTES_MAX ? text : text.substring(0, QueryEvent.TEXT_BYTES_MAX);
    }

    @Override
    public void close() throws SQLException {
        zstd.close();
        connection.close();
    }
}
