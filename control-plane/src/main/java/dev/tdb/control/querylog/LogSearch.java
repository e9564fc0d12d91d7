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
import java.util.Locale;
import org.sqlite.Function;

/** One search in one file. */
final class LogSearch {
    private static final double NANOS_PER_MILLI = 1_000_000;
    private static final long MICROS_PER_SECOND = 1_000_000;

    private final LogFiles.LogFile file;
    private final Connection connection;
    private final String where;
    private final List<Object> parameters = new ArrayList<>();

    LogSearch(LogFiles.LogFile file, Connection connection, int tenantNo, LogFilter filter) throws SQLException {
        this.file = file;
        this.connection = connection;
        StringBuilder conditions = new StringBuilder(" WHERE tenant_no = ?");
        parameters.add(tenantNo);
        Instant since = filter.since();
        if (since != null) {
            conditions.append(" AND at_us >= ?");
            parameters.add(micros(since));
        }
        LogFilter.Type type = filter.type();
        if (type != null) {
            conditions.append(
                    switch (type) {
                        case ERROR -> " AND error_code <> ''";
                        case SLOW -> " AND slow = 1";
                    });
        }
        QueryEvent.Source source = filter.source();
        if (source != null) {
            conditions.append(" AND source = ?");
            parameters.add(LogFiles.word(source));
        }
        if (!filter.search().isEmpty()) {
            addText(conditions, filter.search());
        }
        this.where = conditions.toString();
    }

    /** SQLite's LIKE knows the case of ASCII letters only; other texts are compared by us, which is slower. */
    private void addText(StringBuilder conditions, String search) throws SQLException {
        if (search.chars().allMatch(c -> c < 128)) {
            conditions.append(" AND query LIKE ? ESCAPE '\\'");
            parameters.add(
                    "%" + search.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%");
        } else {
            Function.create(connection, "contains_folded", new ContainsFolded());
            conditions.append(" AND contains_folded(query, ?)");
            parameters.add(search.toLowerCase(Locale.ROOT));
        }
    }

    /** {@code contains_folded(text, lower)}: whether a text in lower case contains another. */
    private static final class ContainsFolded extends Function {
        @Override
        protected void xFunc() throws SQLException {
            result(value_text(0).toLowerCase(Locale.ROOT).contains(value_text(1)) ? 1 : 0);
        }
    }

    static long micros(Instant instant) {
        return instant.getEpochSecond() * MICROS_PER_SECOND + instant.getNano() / 1000;
    }

    /** Newest first. */
    List<LogEntry> page(int limit, int offset) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT id, at_us, blueprint, engine, source,"
                + " login, client, query, error_code, error, duration_ns, held_ns, row_count FROM entries" + where
                + " ORDER BY at_us DESC, id DESC LIMIT ? OFFSET ?")) {
            int next = bind(statement);
            statement.setInt(next, limit);
            statement.setInt(next + 1, offset);
            List<LogEntry> entries = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    entries.add(entry(rows));
                }
            }
            return entries;
        }
    }

    int count() throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT count(*) FROM entries" + where)) {
            bind(statement);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        }
    }

    private int bind(PreparedStatement statement) throws SQLException {
        int index = 1;
        for (Object parameter : parameters) {
            statement.setObject(index, parameter);
            index++;
        }
        return index;
    }

    private LogEntry entry(ResultSet row) throws SQLException {
        long micros = row.getLong("at_us");
        String errorCode = row.getString("error_code");
        return new LogEntry(
                file.stem() + "-" + row.getLong("id"),
                row.getString("query"),
                QueryEvent.Source.valueOf(row.getString("source").toUpperCase(Locale.ROOT)),
                errorCode.isEmpty(),
                row.getLong("duration_ns") / NANOS_PER_MILLI,
                row.getLong("held_ns") / NANOS_PER_MILLI,
                Instant.ofEpochSecond(
                        Math.floorDiv(micros, MICROS_PER_SECOND), Math.floorMod(micros, MICROS_PER_SECOND) * 1000),
                row.getString("blueprint"),
                Engine.parse(row.getString("engine")),
                errorCode,
                row.getString("error"),
                row.getLong("row_count"),
                row.getString("client"),
                row.getString("login"));
    }
}
