package dev.tdb.control.mysql;

import dev.tdb.control.engine.AdminAccess;
import dev.tdb.control.engine.EngineException;
import dev.tdb.proxy.credential.Secret;
import dev.tdb.proxy.route.BackendLogin;
import dev.tdb.proxy.route.ServerAddress;
import dev.tdb.proxy.route.ServerTls;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import java.util.regex.Pattern;
import org.mariadb.jdbc.Configuration;
import org.mariadb.jdbc.Driver;

/**
 * Opens connections to MySQL and MariaDB servers for administration. Every wait has an end: connecting, logging in, each
 * reply. No server is ever sent a file of this machine.
 *
 * <p>An administrator's session has no default database and never reads or calls what a tenant has made: a view or a
 * routine of its own would run with the administrator's rights.
 */
final class MySqlConnector {
    private static final String UNABLE_TO_CONNECT_CLASS = "08";
    private static final Pattern DRIVER_PREFIX = Pattern.compile("^\\(conn=-?\\d+\\) ");
    private static final String NO_TLS = "ssl not enabled in the server";

    private final Duration connectTimeout;
    private final Duration replyTimeout;

    MySqlConnector(Duration connectTimeout, Duration replyTimeout) {
        this.connectTimeout = connectTimeout;
        this.replyTimeout = replyTimeout;
    }

    Connection admin(AdminAccess admin) throws SQLException {
        Properties wanted = wanted(admin.user(), admin.password(), replyTimeout);
        Connection connection = connected(admin.address(), "", admin.tls(), wanted);
        try {
            Sql.run(connection, "SET SESSION sql_mode = '', lock_wait_timeout = 20");
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /** As a client's session. */
    Connection tenant(ServerAddress address, ServerTls tls, String database, BackendLogin login) throws SQLException {
        return connected(address, database, tls, wanted(login.user(), login.password(), replyTimeout));
    }

    /** As {@link #tenant}, with an end to how long a statement may take, and to what all of them may answer. */
    Connection bounded(ServerAddress address, ServerTls tls, String database, BackendLogin login, Duration longest)
            throws SQLException {
        Properties wanted = wanted(login.user(), login.password(), longest.plus(connectTimeout));
        wanted.setProperty("socketFactory", BoundedSocketFactory.class.getName());
        return connected(address, database, tls, wanted);
    }

    private Properties wanted(String user, Secret password, Duration reply) {
        Properties wanted = new Properties();
        wanted.setProperty("user", user);
        wanted.setProperty("password", password.reveal());
        wanted.setProperty("connectTimeout", Long.toString(connectTimeout.toMillis()));
        wanted.setProperty("socketTimeout", Long.toString(reply.toMillis()));
        wanted.setProperty("tcpKeepAlive", "true");
        wanted.setProperty("tinyInt1isBit", "false");
        wanted.setProperty("allowLocalInfile", "false");
        wanted.setProperty("allowMultiQueries", "false");
        return wanted;
    }

    private static Connection connected(ServerAddress address, String database, ServerTls tls, Properties wanted)
            throws SQLException {
        String host = address.host().indexOf(':') < 0 ? address.host() : "[" + address.host() + "]";
        String url = "jdbc:mariadb://" + host + ":" + address.port() + "/" + database;
        return switch (tls.mode()) {
            case DISABLE -> plain(url, wanted);
            case PREFER -> preferred(url, wanted);
            case REQUIRE -> encrypted(url, wanted, "trust");
            case VERIFY_CA -> encrypted(url, signedBy(wanted, tls), "verify-ca");
            case VERIFY_FULL -> encrypted(url, signedBy(wanted, tls), "verify-full");
        };
    }

    /** Who is let do without TLS has to trust the network: it may ask for the key that hides passwords, too. */
    private static Connection plain(String url, Properties wanted) throws SQLException {
        wanted.setProperty("sslMode", "disable");
        wanted.setProperty("allowPublicKeyRetrieval", "true");
        return Driver.connect(Configuration.parse(url, wanted));
    }

    private static Connection encrypted(String url, Properties wanted, String mode) throws SQLException {
        wanted.setProperty("sslMode", mode);
        return Driver.connect(Configuration.parse(url, wanted));
    }

    private static Connection preferred(String url, Properties wanted) throws SQLException {
        try {
            return encrypted(url, wanted, "trust");
        } catch (SQLException e) {
            if (String.valueOf(e.getMessage()).contains(NO_TLS)) {
                return plain(url, wanted);
            }
            throw e;
        }
    }

    private static Properties signedBy(Properties wanted, ServerTls tls) {
        if (!tls.caPem().isEmpty()) {
            wanted.setProperty("serverSslCert", tls.caPem());
        }
        return wanted;
    }

    /** Whether the server could not be talked to, or not any more. */
    static boolean isLost(SQLException e) {
        String state = e.getSQLState();
        return state == null || state.startsWith(UNABLE_TO_CONNECT_CLASS);
    }

    /** Says which server it was; keeps the server's own sentence. */
    static EngineException failed(ServerAddress address, String what, SQLException e) {
        return new EngineException(
                what + " on " + address + " failed: " + sentence(e),
                isLost(e),
                e.getErrorCode() == 0 ? "" : Integer.toString(e.getErrorCode()),
                e);
    }

    /** The server's own, without what the driver says before and behind it. */
    static String sentence(SQLException e) {
        String line = String.valueOf(e.getMessage()).lines().findFirst().orElse("no reason given");
        String bare = DRIVER_PREFIX.matcher(line).replaceFirst("");
        return bare.endsWith(".") ? bare.substring(0, bare.length() - 1) : bare;
    }
}
