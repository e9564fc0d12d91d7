package dev.tdb.local;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** One statement on a connection of its own. */
final class Sql {
    private Sql() {}

    static void execute(PostgresServer server, String sql) throws SQLException {
        try (Connection connection = server.connect("postgres");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    static String value(PostgresServer server, String sql) throws SQLException {
        try (Connection connection = server.connect("postgres")) {
            return value(connection, sql);
        }
    }

    static String value(Connection connection, String sql) throws SQLException {
        return value(connection, sql, 1);
    }

    static String value(Connection connection, String sql, int column) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(column);
        }
    }
}
