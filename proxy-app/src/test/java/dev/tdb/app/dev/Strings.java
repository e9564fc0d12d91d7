package dev.tdb.app.dev;

import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Uses a printed connection string as a driver would. */
final class Strings {
    private Strings() {}

    static Connection connect(String connectionString) throws SQLException {
        URI uri = URI.create(connectionString);
        String[] login = uri.getUserInfo().split(":", 2);
        String driver = uri.getScheme().equals("mysql") ? "mariadb" : uri.getScheme();
        String url = "jdbc:" + driver + "://" + uri.getHost() + ":" + uri.getPort() + uri.getPath();
        return DriverManager.getConnection(url, login[0], login[1]);
    }

    /** The first column of the first row. */
    static String ask(String connectionString, String query) throws SQLException {
        try (Connection connection = connect(connectionString)) {
            return ask(connection, query);
        }
    }

    static void run(String connectionString, String sql) throws SQLException {
        try (Connection connection = connect(connectionString);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    static String ask(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getString(1);
        }
    }
}
