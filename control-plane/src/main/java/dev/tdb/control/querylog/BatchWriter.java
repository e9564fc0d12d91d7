package dev.tdb.control.querylog;

import dev.tdb.control.engine.LiteralMask;
import dev.tdb.proxy.observe.QueryEvent;
import dev.tdb.proxy.route.Engine;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Writes batches of events to one file, each batch in one transaction. Used by one thread; owns its connection. */
final class BatchWriter implements AutoCloseable {
    private final LogFiles.LogFile file;
    private final Connection connection;
    private final PreparedStatement insertPlain;
    private final PreparedStatement insertFull;
    private final Owners owners;
    private final Rollups rollups;
    private final Terms terms;

    /**
     * What becomes of an event.
     *
     * @param slow from which duration on a query is slow
     * @param masks how literals are masked; empty when they are kept
     */
    record Terms(Duration slow, Map<Engine, LiteralMask> masks) {}

    private record Row(long id, Owners.Owner owner, QueryEvent event) {}

    BatchWriter(LogFiles.LogFile file, Connection connection, Terms terms) throws SQLException {
        this.file = file;
        this.connection = connection;
        this.owners = new Owners(connection);
        this.rollups = new Rollups(connection);
        this.terms = terms;
        this.insertPlain = connection.prepareStatement("INSERT INTO entries (id, at_us, duration_ns, row_count, bytes,"
                + " origin_no, client, query) VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
        this.insertFull = connection.prepareStatement("INSERT INTO entries (id, at_us, duration_ns, row_count, bytes,"
                + " origin_no, client, query, held_ns, api, failed, slow, error_code, error)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    }

    LogFiles.LogFile file() {
        return file;
    }

    void write(List<QueryEvent> events) throws SQLException {
        try {
            for (Row row : rows(events)) {
                add(row);
            }
            insertPlain.executeBatch();
            insertFull.executeBatch();
            rollups.write();
            connection.commit();
        } catch (SQLException e) {
            insertPlain.clearBatch();
            insertFull.clearBatch();
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

    /** Sorted as they lie in the table, so that each page is visited once. */
    private List<Row> rows(List<QueryEvent> events) throws SQLException {
        List<Row> rows = new ArrayList<>(events.size());
        for (QueryEvent event : events) {
            Owners.Owner owner = owners.of(event.route(), event.user());
            rows.add(new Row(owner.tenant().nextRow(), owner, event));
        }
        rows.sort(Comparator.comparingLong(Row::id));
        return rows;
    }

    /** Most entries have nothing to say in half of the columns, and half of the cost is what is bound. */
    private void add(Row row) throws SQLException {
        QueryEvent event = row.event();
        boolean isApi = event.source() == QueryEvent.Source.API;
        boolean isSlow = event.durationNanos() >= terms.slow().toNanos();
        rollups.count(row.owner().tenant().no(), isApi, isSlow, event);
        LiteralMask mask = terms.masks().get(event.route().engine());
        String text = mask == null ? cut(event.text()) : mask.mask(cut(event.text()));
        if (isApi || isSlow || !event.success() || event.heldNanos() > 0) {
            bind(insertFull, row, text);
            insertFull.setLong(9, event.heldNanos());
            insertFull.setInt(10, isApi ? 1 : 0);
            insertFull.setInt(11, event.success() ? 0 : 1);
            insertFull.setInt(12, isSlow ? 1 : 0);
            insertFull.setString(13, event.errorCode());
            // What a server says of an error quotes the values it is about.
            insertFull.setString(14, mask == null ? cut(event.error()) : "");
            insertFull.addBatch();
        } else {
            bind(insertPlain, row, text);
            insertPlain.addBatch();
        }
    }

    private static void bind(PreparedStatement insert, Row row, String text) throws SQLException {
        QueryEvent event = row.event();
        insert.setLong(1, row.id());
        insert.setLong(2, event.startedAtMicros());
        insert.setLong(3, event.durationNanos());
        insert.setLong(4, event.rows());
        insert.setLong(5, event.bytes());
        insert.setInt(6, row.owner().originNo());
        insert.setString(7, event.client());
        insert.setString(8, text);
    }

    /** What came over the wire was cut there. */
    private static String cut(String text) {
        return text.length() <= QueryEvent.TEXT_BYTES_MAX ? text : text.substring(0, QueryEvent.TEXT_BYTES_MAX);
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
