package dev.tdb.control.postgres;

import dev.tdb.control.engine.BoundedRows;
import dev.tdb.control.engine.EngineException;
import dev.tdb.control.engine.QueryBounds;
import dev.tdb.control.engine.QueryResult;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.OffsetDateTime;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Runs one statement in a transaction of its own, and reads no more of its answer than its bounds allow. */
final class PostgresQuery {
    private static final JsonMapper JSON = JsonMapper.shared();

    /** Rows asked for at a time. */
    private static final int FETCH_ROWS = 100;

    /** Of those rows, in memory; one that is larger is an error, not an answer. */
    private static final int RESULT_BYTES_MAX = 16 << 20;

    private static final String PROGRAM_LIMIT_EXCEEDED = "54000";

    private PostgresQuery() {}

    static PostgresConnector.Terms session(String database, QueryBounds bounds) {
        String settings = "-c statement_timeout=" + bounds.timeout().toMillis() + " -c lock_timeout="
                + bounds.lockTimeout().toMillis();
        return new PostgresConnector.Terms(
                PostgresRoles.of(database).write(), settings, bounds.timeout(), RESULT_BYTES_MAX);
    }

    static QueryResult run(Connection connection, String sql, QueryBounds bounds) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.setFetchSize(FETCH_ROWS);
            QueryResult result;
            if (statement.execute(sql)) {
                try (ResultSet rows = statement.getResultSet()) {
                    result = BoundedRows.read(rows, bounds, PostgresQuery::typed);
                }
            } else {
                result = new QueryResult(List.of(), List.of(), false, Math.max(0, statement.getUpdateCount()), 0);
            }
            connection.commit();
            return result;
        } catch (SQLException e) {
            // The driver has no code for it, and has ended the connection.
            if (String.valueOf(e.getMessage()).contains("maxResultBuffer")) {
                throw new EngineException(
                        "the rows are larger than " + (RESULT_BYTES_MAX >> 20) + " MiB: ask for less of them",
                        false,
                        PROGRAM_LIMIT_EXCEEDED,
                        e);
            }
            throw e;
        }
    }

    private static Object typed(ResultSet found, int column, ResultSetMetaData columns, String text)
            throws SQLException {
        return switch (columns.getColumnTypeName(column)) {
            case "bool" -> found.getBoolean(column);
            case "int2", "int4", "int8", "oid", "serial", "bigserial", "smallserial" -> Long.valueOf(text);
            case "numeric", "float4", "float8" -> number(text);
            case "json", "jsonb" -> tree(text);
            case "timestamptz" -> moment(found, column, text);
            case "timestamp" -> text.replace(' ', 'T');
            default -> text;
        };
    }

    /** JSON has no infinity, and no number that is none. */
    private static Object number(String text) {
        try {
            return new BigDecimal(text);
        } catch (NumberFormatException _) {
            return text;
        }
    }

    private static Object tree(String text) {
        try {
            return JSON.readTree(text);
        } catch (JacksonException _) {
            return text;
        }
    }

    /** In UTC; PostgreSQL's infinite ones, and those before our era, stay as they are. */
    private static Object moment(ResultSet found, int column, String text) throws SQLException {
        boolean isOfOurs = !text.isEmpty() && Character.isDigit(text.charAt(0)) && !text.endsWith("BC");
        return isOfOurs
                ? found.getObject(column, OffsetDateTime.class).toInstant().toString()
                : text;
    }
}
