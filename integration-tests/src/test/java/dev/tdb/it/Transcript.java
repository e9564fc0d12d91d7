package dev.tdb.it;

import java.sql.BatchUpdateException;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLWarning;
import org.postgresql.util.ServerErrorMessage;

/** What a driver told its program while it did some work, line by line. Of one thread. */
final class Transcript {
    private static final int VALUE_CHARS_MAX = 200;

    private final List<String> lines = new ArrayList<>();
    private final Runnable beforeStep;

    Transcript() {
        this(() -> {});
    }

    /** @param beforeStep what shall happen before every step that is taken */
    Transcript(Runnable beforeStep) {
        this.beforeStep = beforeStep;
    }

    /** Something that may end in an error of the database. */
    interface Step {
        void run() throws SQLException;
    }

    void note(String line) {
        lines.add(line);
    }

    List<String> lines() {
        return List.copyOf(lines);
    }

    /** A step begins. */
    void step(String what) {
        beforeStep.run();
        note("> " + what);
    }

    /** Runs {@code step}; its error, if any, is part of the transcript. */
    void attempt(String what, Step step) {
        step(what);
        try {
            step.run();
        } catch (SQLException e) {
            error(e);
        }
    }

    /** Executes {@code sql} as a plain statement and notes all its results. */
    void execute(Connection connection, String sql) {
        attempt(sql, () -> {
            try (Statement statement = connection.createStatement()) {
                results(statement, statement.execute(sql));
            }
        });
    }

    /** Prepares {@code sql}, executes it {@code times} with the same values, and notes all results. */
    void prepared(Connection connection, int times, String sql, @Nullable Object... values) {
        attempt(sql, () -> {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                for (int i = 0; i < values.length; i++) {
                    statement.setObject(i + 1, values[i]);
                }
                for (int i = 0; i < times; i++) {
                    results(statement, statement.execute());
                }
            }
        });
    }

    /** All results of a statement that was executed; {@code rows} as {@code execute} returned it. */
    void results(Statement statement, boolean rows) throws SQLException {
        boolean more = rows;
        while (true) {
            if (more) {
                try (ResultSet result = statement.getResultSet()) {
                    rows(result);
                }
            } else {
                int count = statement.getUpdateCount();
                if (count < 0) {
                    break;
                }
                note("count " + count);
            }
            more = statement.getMoreResults();
        }
        warnings(statement.getWarnings());
        statement.clearWarnings();
        if (statement instanceof CallableStatement) {
            note("call done");
        }
    }

    /** Executes the batch of {@code statement}; what became of each entry is noted, also when one of them fails. */
    void batch(Statement statement) throws SQLException {
        try {
            note("counts " + Arrays.toString(statement.executeBatch()));
        } catch (BatchUpdateException e) {
            note("counts until then " + Arrays.toString(e.getUpdateCounts()));
            throw e;
        }
    }

    void columns(ResultSetMetaData columns) throws SQLException {
        for (int i = 1; i <= columns.getColumnCount(); i++) {
            note("column " + columns.getColumnName(i) + " " + columns.getColumnTypeName(i) + " "
                    + columns.getColumnType(i) + " " + columns.getColumnClassName(i) + " " + columns.getPrecision(i)
                    + "," + columns.getScale(i) + " " + columns.getTableName(i) + " " + columns.isNullable(i));
        }
    }

    void rows(ResultSet result) throws SQLException {
        ResultSetMetaData columns = result.getMetaData();
        columns(columns);
        while (result.next()) {
            StringBuilder row = new StringBuilder("row");
            for (int i = 1; i <= columns.getColumnCount(); i++) {
                String value = columns.getColumnType(i) == Types.BINARY
                        ? Arrays.toString(result.getBytes(i))
                        : String.valueOf(result.getString(i));
                row.append(" | ")
                        .append(
                                value.length() <= VALUE_CHARS_MAX
                                        ? value
                                        : value.length() + " chars, hash " + value.hashCode());
            }
            note(row.toString());
        }
    }

    void warnings(@Nullable SQLWarning first) {
        for (SQLWarning warning = first; warning != null; warning = warning.getNextWarning()) {
            note("warning " + warning.getSQLState() + " " + warning.getMessage());
            if (warning instanceof PSQLWarning psql) {
                note(parts(psql.getServerErrorMessage()));
            }
        }
    }

    void error(SQLException first) {
        for (SQLException error = first; error != null; error = error.getNextException()) {
            note("error " + error.getClass().getSimpleName() + " " + error.getSQLState() + " " + error.getMessage());
            if (error instanceof PSQLException psql && psql.getServerErrorMessage() != null) {
                note(parts(psql.getServerErrorMessage()));
            }
        }
    }

    private static String parts(@Nullable ServerErrorMessage message) {
        if (message == null) {
            return "no parts";
        }
        return "parts " + message.getSeverity() + " | " + message.getSQLState() + " | " + message.getMessage() + " | "
                + message.getDetail() + " | " + message.getHint() + " | " + message.getPosition() + " | "
                + message.getInternalQuery() + " | " + message.getInternalPosition() + " | " + message.getWhere()
                + " | " + message.getSchema() + " | " + message.getTable() + " | " + message.getColumn() + " | "
                + message.getDatatype() + " | " + message.getConstraint() + " | " + message.getFile() + " | "
                + message.getLine() + " | " + message.getRoutine();
    }
}
