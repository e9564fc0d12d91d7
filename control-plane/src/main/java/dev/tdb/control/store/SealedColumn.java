package dev.tdb.control.store;

import org.jdbi.v3.core.Handle;

/** A column whose texts are encrypted, and the column that names their rows. */
record SealedColumn(String table, String key, String column) {
    /** The same secret, encrypted otherwise. @return whether it still was {@code before} */
    boolean replace(Handle handle, String row, String before, String after) {
        return handle.createUpdate("UPDATE " + table + " SET " + column + " = :after WHERE " + key + " = :row AND "
                                + column + " = :before")
                        .bind("row", row)
                        .bind("before", before)
                        .bind("after", after)
                        .execute()
                == 1;
    }
}
