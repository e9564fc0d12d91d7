package dev.tdb.control.querylog;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** The rows of one tenant in one file, which have numbers without a gap, in the order in which statements ended. */
final class TenantRows implements AutoCloseable {
    private final PreparedStatement ended;
    private final long first;
    private final long last;

    TenantRows(Connection connection, int tenantNo) throws SQLException {
        this.first = EntryId.floor(tenantNo) + 1;
        this.last = last(connection, tenantNo);
        this.ended = connection.prepareStatement("SELECT at_us + duration_ns / 1000 FROM entries WHERE id = ?");
    }

    /** The last row that is written; that before the first one when there is none. */
    static long last(Connection connection, int tenantNo) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT max(id) FROM entries WHERE id > ? AND id < ?")) {
            statement.setLong(1, EntryId.floor(tenantNo));
            statement.setLong(2, EntryId.floor(tenantNo + 1));
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return Math.max(row.getLong(1), EntryId.floor(tenantNo));
            }
        }
    }

    long first() {
        return first;
    }

    long last() {
        return last;
    }

    /** The first row that ended at a time or later; past the last one when there is none. */
    long firstSince(long micros) throws SQLException {
        long low = first;
        long high = last + 1;
        while (low < high) {
            long middle = (low + high) >>> 1;
            if (endedMicros(middle) < micros) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private long endedMicros(long row) throws SQLException {
        ended.setLong(1, row);
        try (ResultSet found = ended.executeQuery()) {
            found.next();
            return found.getLong(1);
        }
    }

    @Override
    public void close() throws SQLException {
        ended.close();
    }
}
