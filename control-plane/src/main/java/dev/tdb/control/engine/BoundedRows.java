package dev.tdb.control.engine;

import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads no more of a result than its bounds allow. */
public final class BoundedRows {
    /** How one engine's values are said in JSON. */
    @FunctionalInterface
    public interface Typing {
        /** @param text of the value, which is not null */
        Object typed(ResultSet row, int column, ResultSetMetaData columns, String text) throws SQLException;
    }

    private BoundedRows() {}

    public static QueryResult read(ResultSet found, QueryBounds bounds, Typing typing) throws SQLException {
        ResultSetMetaData columns = found.getMetaData();
        List<String> names = new ArrayList<>();
        for (int column = 1; column <= columns.getColumnCount(); column++) {
            names.add(columns.getColumnLabel(column));
        }
        List<List<@Nullable Object>> rows = new ArrayList<>();
        int bytes = 0;
        while (found.next()) {
            List<@Nullable Object> row = new ArrayList<>();
            int rowBytes = 0;
            for (int column = 1; column <= names.size(); column++) {
                String text = found.getString(column);
                rowBytes += text == null ? 0 : text.length();
                row.add(text == null ? null : typing.typed(found, column, columns, text));
            }
            if (rows.size() == bounds.rowsMax() || bytes + rowBytes > bounds.bytesMax()) {
                return new QueryResult(names, rows, true, rows.size(), bytes);
            }
            bytes += rowBytes;
            rows.add(Collections.unmodifiableList(row));
        }
        return new QueryResult(names, rows, false, rows.size(), bytes);
    }
}
