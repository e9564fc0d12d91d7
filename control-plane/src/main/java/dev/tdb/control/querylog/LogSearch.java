package dev.tdb.control.querylog;

import dev.tdb.proxy.observe.QueryEvent;
import dev.tdb.proxy.route.Engine;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/**
 * One search in one file. First the rows are found, without reading what is passed over: by their number when nothing
 * narrows the search, in a small index for the types and for the API's own queries, and by reading the texts of this
 * tenant, which lie side by side, for a substring. Then the rows of the page are read.
 */
final class LogSearch {
    private static final double NANOS_PER_MILLI = 1_000_000;
    private static final long MICROS_PER_SECOND = 1_000_000;

    private final LogFiles.LogFile file;
    private final Connection connection;
    private final int tenantNo;
    private final LogFilter filter;
    private final List<Object> parameters = new ArrayList<>();

    LogSearch(LogFiles.LogFile file, Connection connection, int tenantNo, LogFilter filter) {
        this.file = file;
        this.connection = connection;
        this.tenantNo = tenantNo;
        this.filter = filter;
    }

    /** @param skipped how many were found and passed over */
    record Found(List<LogEntry> entries, int skipped) {}

    private record Rows(LongStream rows, int skipped) {}

    static long micros(Instant instant) {
        return instant.getEpochSecond() * MICROS_PER_SECOND + instant.getNano() / 1000;
    }

    /**
     * Newest first.
     *
     * @param skip how many to pass over
     * @param before a row below which to look
     */
    Found find(int limit, int skip, long before) throws SQLException {
        long first;
        long last;
        try (TenantRows all = new TenantRows(connection, tenantNo)) {
            Instant since = filter.since();
            first = since == null ? all.first() : all.firstSince(micros(since));
            last = Math.min(all.last(), before - 1);
        }
        Rows rows;
        if (!narrows()) {
            rows = counted(first, last, limit, skip);
        } else if (isForProxyOnly() && skip > 0) {
            rows = behindProxied(first, last, limit, skip);
        } else {
            rows = matching(first, last, limit, skip);
        }
        return new Found(entries(rows.rows()), rows.skipped());
    }

    private boolean narrows() {
        return filter.type() != null
                || filter.source() != null
                || !filter.search().isEmpty();
    }

    private boolean isForProxyOnly() {
        return filter.source() == QueryEvent.Source.PROXY
                && filter.type() == null
                && filter.search().isEmpty();
    }

    /** Most entries are the proxy's: those to pass over are counted by the few that are not. */
    private Rows behindProxied(long first, long last, int limit, int skip) throws SQLException {
        long all = proxied(first, last);
        if (all <= skip) {
            return new Rows(LongStream.empty(), (int) all);
        }
        long low = first;
        long high = last;
        long above = 0; // of those behind high
        while (low < high) {
            long middle = (low + high + 1) >>> 1;
            long upper = proxied(middle, high);
            if (above + upper >= skip) {
                low = middle;
            } else {
                above += upper;
                high = middle - 1;
            }
        }
        return new Rows(matching(first, low - 1, limit, 0).rows(), skip);
    }

    private long proxied(long first, long last) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT count(*) FROM entries INDEXED BY api_entries WHERE api = 1 AND id BETWEEN ? AND ?")) {
            statement.setLong(1, first);
            statement.setLong(2, last);
            try (ResultSet count = statement.executeQuery()) {
                count.next();
                return Math.max(0, last - first + 1) - count.getLong(1);
            }
        }
    }

    private static Rows counted(long first, long last, int limit, int skip) {
        int skipped = Math.clamp(last - first + 1, 0, skip);
        long newest = last - skipped;
        long count = Math.clamp(newest - first + 1, 0, limit);
        return new Rows(LongStream.iterate(newest, row -> row - 1).limit(count), skipped);
    }

    private Rows matching(long first, long last, int limit, int skip) throws SQLException {
        String sql = rowsSql();
        LongStream.Builder rows = LongStream.builder();
        int seen = 0;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, first);
            statement.setLong(2, last);
            for (int i = 0; i < parameters.size(); i++) {
                statement.setObject(i + 3, parameters.get(i));
            }
            try (ResultSet found = statement.executeQuery()) {
                while (seen < (long) skip + limit && found.next()) {
                    if (seen >= skip) {
                        rows.add(found.getLong(1));
                    }
                    seen++;
                }
            }
        }
        return new Rows(rows.build(), Math.min(seen, skip));
    }

    /** The smallest index that helps is named: SQLite cannot know how few its entries are. */
    String rowsSql() {
        parameters.clear();
        String index = " NOT INDEXED";
        StringBuilder conditions = new StringBuilder(" WHERE id BETWEEN ? AND ?");
        QueryEvent.Source source = filter.source();
        if (source != null) {
            conditions.append(source == QueryEvent.Source.API ? " AND api = 1" : " AND api = 0");
            index = source == QueryEvent.Source.API ? " INDEXED BY api_entries" : index;
        }
        LogFilter.Type type = filter.type();
        if (type != null) {
            conditions.append(
                    switch (type) {
                        case ERROR -> " AND failed = 1";
                        case SLOW -> " AND slow = 1";
                    });
            index = switch (type) {
                case ERROR -> " INDEXED BY failed_entries";
                case SLOW -> " INDEXED BY slow_entries";
            };
        }
        if (!filter.search().isEmpty()) {
            Substring wanted = new Substring(filter.search());
            conditions.append(" AND ").append(wanted.condition("query"));
            parameters.addAll(wanted.parameters());
        }
        return "SELECT id FROM entries" + index + conditions + " ORDER BY id DESC";
    }

    private List<LogEntry> entries(LongStream rows) throws SQLException {
        List<LogEntry> entries = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement("SELECT id, at_us, blueprint, engine, api,"
                + " login, client, query, error_code, error, failed, duration_ns, held_ns, row_count"
                + " FROM entries CROSS JOIN origins ON no = origin_no WHERE id = ?")) {
            for (long row : rows.toArray()) {
                statement.setLong(1, row);
                try (ResultSet found = statement.executeQuery()) {
                    if (found.next()) {
                        entries.add(entry(found));
                    }
                }
            }
        }
        return entries;
    }

    private LogEntry entry(ResultSet row) throws SQLException {
        long micros = row.getLong("at_us");
        return new LogEntry(
                new EntryId(file.stem(), row.getLong("id")).toString(),
                row.getString("query"),
                row.getBoolean("api") ? QueryEvent.Source.API : QueryEvent.Source.PROXY,
                !row.getBoolean("failed"),
                row.getLong("duration_ns") / NANOS_PER_MILLI,
                row.getLong("held_ns") / NANOS_PER_MILLI,
                Instant.ofEpochSecond(
                        Math.floorDiv(micros, MICROS_PER_SECOND), Math.floorMod(micros, MICROS_PER_SECOND) * 1000),
                row.getString("blueprint"),
                Engine.parse(row.getString("engine")),
                row.getString("error_code"),
                row.getString("error"),
                row.getLong("row_count"),
                row.getString("client"),
                row.getString("login"));
    }
}
