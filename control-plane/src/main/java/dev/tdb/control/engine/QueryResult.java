package dev.tdb.control.engine;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a query of the API answered.
 *
 * @param columns their names; empty when the statement returns no rows
 * @param rows values as JSON has them: text, numbers, booleans, null, trees
 * @param truncated whether there was more than the bounds let through
 * @param rowCount rows returned, or changed when there are no columns
 * @param bytes of the rows as text
 */
public record QueryResult(
        List<String> columns, List<List<@Nullable Object>> rows, boolean truncated, long rowCount, int bytes) {
    public QueryResult {
        columns = List.copyOf(columns);
        rows = Collections.unmodifiableList(new ArrayList<>(rows));
    }
}
