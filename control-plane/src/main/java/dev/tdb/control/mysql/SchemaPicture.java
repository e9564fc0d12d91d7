package dev.tdb.control.mysql;

import dev.tdb.control.secret.Tokens;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/** A digest of all that is defined in a database, as its owner sees it: two are equal while nothing is defined anew. */
final class SchemaPicture {
    private static final List<String> PARTS = List.of(
            "SELECT 'table', TABLE_NAME, TABLE_TYPE, ENGINE, TABLE_COLLATION, ROW_FORMAT, CREATE_OPTIONS, TABLE_COMMENT"
                    + " FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? ORDER BY TABLE_NAME",
            "SELECT 'column', TABLE_NAME, COLUMN_NAME, ORDINAL_POSITION, COLUMN_DEFAULT, IS_NULLABLE, COLUMN_TYPE,"
                    + " COLLATION_NAME, EXTRA, COLUMN_COMMENT, GENERATION_EXPRESSION FROM information_schema.COLUMNS"
                    + " WHERE TABLE_SCHEMA = ? ORDER BY TABLE_NAME, ORDINAL_POSITION",
            "SELECT 'index', TABLE_NAME, INDEX_NAME, SEQ_IN_INDEX, COLUMN_NAME, NON_UNIQUE, SUB_PART, INDEX_TYPE,"
                    + " INDEX_COMMENT FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = ?"
                    + " ORDER BY TABLE_NAME, INDEX_NAME, SEQ_IN_INDEX",
            "SELECT 'constraint', TABLE_NAME, CONSTRAINT_NAME, CONSTRAINT_TYPE FROM"
                + " information_schema.TABLE_CONSTRAINTS WHERE TABLE_SCHEMA = ? ORDER BY TABLE_NAME, CONSTRAINT_NAME",
            "SELECT 'check', CONSTRAINT_NAME, CHECK_CLAUSE FROM information_schema.CHECK_CONSTRAINTS"
                    + " WHERE CONSTRAINT_SCHEMA = ? ORDER BY CONSTRAINT_NAME, CHECK_CLAUSE",
            "SELECT 'foreign key', TABLE_NAME, CONSTRAINT_NAME, REFERENCED_TABLE_NAME, UPDATE_RULE, DELETE_RULE FROM"
                    + " information_schema.REFERENTIAL_CONSTRAINTS WHERE CONSTRAINT_SCHEMA = ?"
                    + " ORDER BY TABLE_NAME, CONSTRAINT_NAME",
            "SELECT 'partition', TABLE_NAME, PARTITION_NAME, PARTITION_METHOD, PARTITION_EXPRESSION,"
                    + " PARTITION_DESCRIPTION FROM information_schema.PARTITIONS WHERE TABLE_SCHEMA = ?"
                    + " ORDER BY TABLE_NAME, PARTITION_NAME",
            "SELECT 'view', TABLE_NAME, VIEW_DEFINITION, DEFINER, SECURITY_TYPE, CHECK_OPTION FROM"
                    + " information_schema.VIEWS WHERE TABLE_SCHEMA = ? ORDER BY TABLE_NAME",
            "SELECT 'routine', ROUTINE_NAME, ROUTINE_TYPE, DTD_IDENTIFIER, ROUTINE_DEFINITION, DEFINER, SECURITY_TYPE,"
                    + " ROUTINE_COMMENT, CREATED FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = ?"
                    + " ORDER BY ROUTINE_NAME, ROUTINE_TYPE",
            "SELECT 'trigger', TRIGGER_NAME, EVENT_MANIPULATION, EVENT_OBJECT_TABLE, ACTION_ORDER, ACTION_TIMING,"
                    + " ACTION_STATEMENT, DEFINER FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = ?"
                    + " ORDER BY TRIGGER_NAME");

    private SchemaPicture() {}

    /** @return 64 hexadecimal digits */
    static String of(Connection connection, String database) throws SQLException {
        StringBuilder all = new StringBuilder();
        for (String part : PARTS) {
            try (PreparedStatement statement = connection.prepareStatement(part)) {
                statement.setString(1, database);
                try (ResultSet rows = statement.executeQuery()) {
                    int columns = rows.getMetaData().getColumnCount();
                    while (rows.next()) {
                        for (int column = 1; column <= columns; column++) {
                            all.append(rows.getString(column)).append('\0');
                        }
                    }
                }
            }
        }
        return Tokens.sha256Hex(all.toString());
    }
}
