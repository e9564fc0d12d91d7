package dev.tdb.control.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Statements of administration, where names cannot be parameters. */
final class Sql {
    private Sql() {}

    /** An identifier, quoted. */
    static String name(String identifier) {
        if (identifier.isEmpty() || identifier.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("an identifier must have characters and no NUL");
        }
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }

    /** A string constant, quoted for {@code standard_conforming_strings}. */
    static String text(String value) {
        if (value.indexOf('\0') >= 0 || value.indexOf('\\') >= 0) {
            throw new IllegalArgumentException("a constant must have no NUL and no backslash");
        }
        return '\'' + value.replace("'", "''") + '\'';
    }

    static void run(Connection connection, String... statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    static boolean exists(Connection connection, String sql, String parameter) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, parameter);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next();
            }
        }
    }

    /** The first column of all rows, as text. */
    static List<String> column(Connection connection, String sql, String parameter) throws SQLException {
        List<String> values = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, parameter);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    values.add(rows.getString(1));
                }
            }
        }
        return values;
    }

    static boolean roleExists(Connection connection, String role) throws SQLException {
        return exists(connection, "SELECT 1 FROM pg_roles WHERE rolname = ?", role);
    }

    static boolean databaseExists(Connection connection, String database) throws SQLException {
        return exists(connection, "SELECT 1 FROM pg_database WHERE datname = ?", database);
    }

    /** Those of {@code roles} that exist, in the same order. */
    static List<String> existing(Connection connection, List<String> roles) throws SQLException {
        List<String> found = new ArrayList<>();
        for (String role : roles) {
            if (roleExists(connection, role)) {
                found.add(role);
            }
        }
        return found;
    }
}
