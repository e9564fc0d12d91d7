package dev.tdb.control.querylog;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/**
 * The entries of one tenant in one file. They are numbered without a gap, in the order in which statements ended, and lie
 * in blocks, each of which has the number of its first entry.
 */
final class TenantBlocks implements AutoCloseable {
    private static final String SUMMARY = "SELECT id, count, ended_us, failed, slow, api FROM blocks";

    private final Connection connection;
    private final Deadline deadline;
    private final PreparedStatement holding;
    private final PreparedStatement data;
    private final long first;
    private final long last;
    private int unpacked;

    TenantBlocks(Connection connection, int tenantNo, Deadline deadline) throws SQLException {
        this.connection = connection;
        this.deadline = deadline;
        this.first = EntryId.floor(tenantNo) + 1;
        this.last = newest(connection, tenantNo).map(Summary::lastRow).orElse(EntryId.floor(tenantNo));
        this.holding = connection.prepareStatement(SUMMARY + " WHERE id <= ? ORDER BY id DESC LIMIT 1");
        this.data = connection.prepareStatement("SELECT data FROM blocks WHERE id = ?");
    }

    /** What is known of a block without unpacking it. */
    record Summary(long firstRow, int count, long endedMicros, int failed, int slow, int api) {
        static Summary of(ResultSet row) throws SQLException {
            return new Summary(
                    row.getLong(1), row.getInt(2), row.getLong(3), row.getInt(4), row.getInt(5), row.getInt(6));
        }

        long lastRow() {
            return firstRow + count - 1;
        }
    }

    /** What to look at when only some blocks are of interest; each has an index of its own. */
    enum Holding {
        ANY("", ""),
        FAILED("failed_blocks", "failed"),
        SLOW("slow_blocks", "slow"),
        API("api_blocks", "api");

        private final String index;
        private final String column;

        Holding(String index, String column) {
            this.index = index;
            this.column = column;
        }

        /** The blocks between two numbers, the newest first. */
        String sql() {
            String source = this == ANY ? " NOT INDEXED" : " INDEXED BY " + index;
            String condition = this == ANY ? "" : " AND " + column + " > 0";
            return SUMMARY + source + " WHERE id BETWEEN ? AND ?" + condition + " ORDER BY id DESC";
        }
    }

    /** Is shown blocks, the newest first. */
    interface Visit {
        /** @return whether to go on with an older one */
        boolean visit(Summary block) throws SQLException;
    }

    /** The block with the last entry; nothing when there is none. */
    static Optional<Summary> newest(Connection connection, int tenantNo) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(SUMMARY + " WHERE id > ? AND id < ? ORDER BY id DESC LIMIT 1")) {
            statement.setLong(1, EntryId.floor(tenantNo));
            statement.setLong(2, EntryId.floor(tenantNo + 1));
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Optional.of(Summary.of(row)) : Optional.empty();
            }
        }
    }

    long first() {
        return first;
    }

    long last() {
        return last;
    }

    /** Shows the blocks that have entries between two numbers, both included. */
    void newestFirst(Holding which, long from, long to, Visit visit) throws SQLException {
        if (from > to) {
            return;
        }
        try (PreparedStatement statement = connection.prepareStatement(which.sql())) {
            statement.setLong(1, holding(from).firstRow());
            statement.setLong(2, to);
            try (ResultSet rows = statement.executeQuery()) {
                boolean goOn = true;
                while (goOn && rows.next()) {
                    deadline.check();
                    goOn = visit.visit(Summary.of(rows));
                }
            }
        }
    }

    /** Unpacks a block. */
    Block unpack(Summary block) throws SQLException {
        deadline.check();
        unpacked++;
        data.setLong(1, block.firstRow());
        try (ResultSet row = data.executeQuery()) {
            row.next();
            return Block.of(block.firstRow(), row.getBytes(1));
        }
    }

    /** How many blocks were unpacked so far. */
    int unpacked() {
        return unpacked;
    }

    /** The first entry that ended at a time or later; past the last one when there is none. */
    long firstSince(long micros) throws SQLException {
        long low = first; // the first entry of a block, as is high
        long high = last + 1;
        while (low < high) {
            Summary middle = holding((low + high) >>> 1);
            if (middle.endedMicros() < micros) {
                low = middle.lastRow() + 1;
            } else {
                high = middle.firstRow();
            }
        }
        return low > last ? low : firstSince(micros, unpack(holding(low)));
    }

    private static long firstSince(long micros, Block block) {
        int entry = 0;
        while (entry < block.count() && block.endedMicros(entry) < micros) {
            entry++;
        }
        return block.row(entry);
    }

    private Summary holding(long row) throws SQLException {
        holding.setLong(1, row);
        try (ResultSet found = holding.executeQuery()) {
            found.next();
            return Summary.of(found);
        }
    }

    @Override
    public void close() throws SQLException {
        holding.close();
        data.close();
    }
}
