package dev.tdb.control.mysql;

import dev.tdb.control.engine.BoundedRows;
import dev.tdb.control.engine.EngineException;
import dev.tdb.control.engine.QueryBounds;
import dev.tdb.control.engine.QueryResult;
import dev.tdb.proxy.route.BackendLogin;
import dev.tdb.proxy.route.ServerAddress;
import dev.tdb.proxy.route.ServerTls;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.HexFormat;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Runs one statement in a transaction of its own, and reads no more of its answer than its bounds allow. */
final class MySqlQuery {
    private static final JsonMapper JSON = JsonMapper.shared();

    /** Rows that the driver reads at a time. */
    private static final int FETCH_ROWS = 100;

    private static final String NET_PACKET_TOO_LARGE = "1153";

    private final MySqlConnector connector;

    MySqlQuery(MySqlConnector connector) {
        this.connector = connector;
    }

    QueryResult run(
            ServerAddress address, ServerTls tls, String database, BackendLogin login, String sql, QueryBounds bounds)
            throws SQLException {
        String session = "";
        try (Connection connection = connector.bounded(address, tls, database, login, bounds.timeout())) {
            session = Sql.one(connection, "SELECT CONNECTION_ID()");
            prepare(connection, bounds);
            return run(connection, sql, bounds);
        } catch (SQLException e) {
            if (isTooMuch(e)) {
                throw new EngineException(
                        "the rows are larger than " + (BoundedSocketFactory.BYTES_MAX >> 20)
                                + " MiB: ask for less of them",
                        false,
                        NET_PACKET_TOO_LARGE,
                        e);
            }
            if (MySqlConnector.isLost(e) && !session.isEmpty()) {
                end(address, tls, database, login, session);
            }
            throw e;
        }
    }

    /** The driver has no code for it, and says it in the innermost of its exceptions only. */
    private static boolean isTooMuch(SQLException e) {
        Throwable innermost = e;
        while (innermost.getCause() != null) {
            innermost = innermost.getCause();
        }
        return String.valueOf(innermost.getMessage()).contains(BoundedSocketFactory.TOO_MUCH);
    }

    private static void prepare(Connection connection, QueryBounds bounds) throws SQLException {
        long lockSeconds = Math.max(1, bounds.lockTimeout().toSeconds());
        Sql.run(
                connection,
                "SET SESSION time_zone = '+00:00', lock_wait_timeout = " + lockSeconds
                        + ", innodb_lock_wait_timeout = " + lockSeconds + ", sql_select_limit = "
                        + (bounds.rowsMax() + 1L) + ", "
                        + MySqlProduct.of(connection).statementLimit(bounds.timeout()));
    }

    private static QueryResult run(Connection connection, String sql, QueryBounds bounds) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.setFetchSize(FETCH_ROWS);
            QueryResult result;
            if (statement.execute(sql)) {
                try (ResultSet rows = statement.getResultSet()) {
                    result = BoundedRows.read(rows, bounds, MySqlQuery::typed);
                }
            } else {
                result = new QueryResult(List.of(), List.of(), false, Math.max(0, statement.getUpdateCount()), 0);
            }
            connection.commit();
            return result;
        }
    }

    /** A server goes on with what nobody waits for any more; a login may end its own sessions. */
    private void end(ServerAddress address, ServerTls tls, String database, BackendLogin login, String session) {
        try (Connection connection = connector.tenant(address, tls, database, login)) {
            MySqlFence.kill(connection, session);
        } catch (SQLException _) {
            // The server is away, and whatever ran there with it.
        }
    }

    private static Object typed(ResultSet found, int column, ResultSetMetaData columns, String text)
            throws SQLException {
        return switch (columns.getColumnType(column)) {
            case Types.TINYINT,
                    Types.SMALLINT,
                    Types.INTEGER,
                    Types.BIGINT,
                    Types.DECIMAL,
                    Types.NUMERIC,
                    Types.REAL,
                    Types.FLOAT,
                    Types.DOUBLE -> number(text);
            case Types.BINARY, Types.VARBINARY, Types.LONGVARBINARY, Types.BLOB ->
                "0x" + HexFormat.of().formatHex(found.getBytes(column));
            case Types.TIMESTAMP ->
                text.replace(' ', 'T') + (columns.getColumnTypeName(column).equals("TIMESTAMP") ? "Z" : "");
            default -> columns.getColumnTypeName(column).equals("JSON") ? tree(text) : text;
        };
    }

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
}
