package dev.tdb.it;

import java.net.InetSocketAddress;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;

/**
 * What a client must know to connect: to a server, to a proxy, or to a tap before one of them.
 *
 * @param driver by its name in JDBC's URLs
 */
record Endpoint(String driver, String host, int port, String user, String password, String database) {
    static final String MARIADB = "mariadb";

    /** One of PostgreSQL. */
    Endpoint(String host, int port, String user, String password, String database) {
        this("postgresql", host, port, user, password, database);
    }

    static Endpoint of(Place place) {
        return new Endpoint(
                place.host(),
                place.port(),
                place.login().user(),
                place.login().password().reveal(),
                place.database());
    }

    static Endpoint of(DataPath proxy, String database) {
        return new Endpoint(
                proxy.address().getHostString(),
                proxy.address().getPort(),
                DataPath.LOGIN.user(),
                DataPath.LOGIN.password().reveal(),
                database);
    }

    /** The same login at another address. */
    Endpoint at(InetSocketAddress address) {
        return new Endpoint(driver, address.getAddress().getHostAddress(), address.getPort(), user, password, database);
    }

    /** The same login, asking for another database. */
    Endpoint to(String otherDatabase) {
        return new Endpoint(driver, host, port, user, password, otherDatabase);
    }

    /** By the driver, in plaintext unless told otherwise. */
    Connection connect(String... settings) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("password", password);
        properties.setProperty(driver.equals(MARIADB) ? "sslMode" : "sslmode", "disable");
        for (int i = 0; i < settings.length; i += 2) {
            properties.setProperty(settings[i], settings[i + 1]);
        }
        return DriverManager.getConnection("jdbc:" + driver + "://" + host + ":" + port + "/" + database, properties);
    }

    /** Statements are prepared on the server from the first time on, and each reply has a minute. */
    Connection connectPatiently() throws SQLException {
        return driver.equals(MARIADB)
                ? connect("useServerPrepStmts", "true", "socketTimeout", "60000")
                : connect("prepareThreshold", "1", "socketTimeout", "60");
    }

    /** What the engine calls an error: PostgreSQL by SQLSTATE, MySQL by a number. */
    String code(SQLException e) {
        return driver.equals(MARIADB) ? Integer.toString(e.getErrorCode()) : String.valueOf(e.getSQLState());
    }

    /** SQLSTATE of what ends a session that cannot move. */
    String terminated() {
        return driver.equals(MARIADB) ? "08S01" : "57P01";
    }

    /** SQLSTATE of what is said to a client that comes and asks; {@code 00000} when it is served. */
    String knock(String... settings) {
        try (Connection connection = connect(settings);
                Statement statement = connection.createStatement()) {
            statement.execute("SELECT 1");
            return "00000";
        } catch (SQLException e) {
            return String.valueOf(e.getSQLState());
        }
    }

    @Override
    public String toString() {
        return host + ":" + port + "/" + database;
    }
}
