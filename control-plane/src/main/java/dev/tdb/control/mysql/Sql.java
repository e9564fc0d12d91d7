package dev.tdb.control.mysql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Statements of administration, where names cannot be parameters. */
final class Sql {
    private static final String ANY_HOST = "@'%'";

    private Sql() {}

    /** An identifier, quoted. */
    static String name(String identifier) {
        if (identifier.isEmpty() || identifier.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("an identifier must have characters and no NUL");
        }
        return '`' + identifier.replace("`", "``") + '`';
    }

    /** A string constant, quoted for whatever {@code sql_mode} the session has. */
    static String text(String value) {
        if (value.indexOf('\0') >= 0 || value.indexOf('\\') >= 0) {
            throw new IllegalArgumentException("a constant must have no NUL and no backslash");
        }
        return '\'' + value.replace("'", "''") + '\'';
    }

    /** A login from wherever it comes: who may reach the server is the network's affair. */
    static String account(String user) {
        return text(user) + ANY_HOST;
    }

    static void run(Connection connection, String... statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** The first column of the first row. */
    static String one(Connection connection, String sql, Object... parameters) throws SQLException {
        List<String> found = column(connection, sql, parameters);
        if (found.isEmpty()) {
            throw new SQLException("the server answered without a row");
        }
        return found.getFirst();
    }

    /** The first column of all rows, as text; NULL is the empty one. */
    static List<String> column(Connection connection, String sql, Object... parameters) throws SQLException {
        List<String> values = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    String value = rows.getString(1);
                    values.add(value == null ? "" : value);
                }
            }
        }
        return values;
    }

    static boolean exists(Connection connection, String sql, Object... parameters) throws SQLException {
        return !column(connection, sql, parameters).isEmpty();
    }

    /** Those of {@code users} that exist, in the same order. */
    static List<String> existing(Connection connection, List<String> users) throws SQLException {
        List<String> found = new ArrayList<>();
        for (String user : users) {
            if (exists(connection, "SELECT User FROM mysql.user WHERE User = ? AND Host = '%'", user)) {
                found.add(user);
            }
        }
        return found;
    }

    static boolean databaseExists(Connection connection, String database) throws SQLException {
        return exists(
                connection, "SELECT SCHEMA_NAME FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = ?", database);
    }
}
