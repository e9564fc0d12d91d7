package dev.tdb.control.postgres;

import dev.tdb.control.engine.AdminAccess;
import dev.tdb.control.engine.EngineException;
import dev.tdb.proxy.route.BackendLogin;
import dev.tdb.proxy.route.ServerAddress;
import dev.tdb.proxy.route.ServerTls;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Opens connections to PostgreSQL servers for administration. Every wait has an end: connecting, logging in, each reply.
 *
 * <p>An administrator's session in a tenant's database finds names in {@code pg_catalog} only, so that nothing a tenant
 * has made there is run with the administrator's rights.
 */
final class PostgresConnector {
    static final String MAINTENANCE_DATABASE = "postgres";
    private static final String APPLICATION_NAME = "tdb control plane";
    static final String UNABLE_TO_CONNECT_CLASS = "08";

    private final Duration connectTimeout;
    private final Duration replyTimeout;

    PostgresConnector(Duration connectTimeout, Duration replyTimeout) {
        this.connectTimeout = connectTimeout;
        this.replyTimeout = replyTimeout;
    }

    Connection admin(AdminAccess admin, String database) throws SQLException {
        PGSimpleDataSource source = source(admin.address(), admin.tls(), database);
        source.setUser(admin.user());
        source.setPassword(admin.password().reveal());
        source.setOptions("-c search_path=pg_catalog -c client_min_messages=warning -c lock_timeout=20s");
        return source.getConnection();
    }

    /** As a client's session: which role it has is left to the server. */
    Connection tenant(ServerAddress address, ServerTls tls, String database, BackendLogin login) throws SQLException {
        return tenant(source(address, tls, database), login);
    }

    private static Connection tenant(PGSimpleDataSource source, BackendLogin login) throws SQLException {
        source.setUser(login.user());
        source.setPassword(login.password().reveal());
        return source.getConnection();
    }

    /**
     * What a session is told when it begins; it goes before what was made of the login's own settings.
     *
     * @param role that it has from the beginning and after each RESET
     * @param settings as {@code postgres -c} takes them
     * @param longest reply that is waited for
     * @param resultBytesMax of one result in memory; a longer one is an error
     */
    record Terms(String role, String settings, Duration longest, int resultBytesMax) {}

    Connection tenant(ServerAddress address, ServerTls tls, String database, BackendLogin login, Terms terms)
            throws SQLException {
        PGSimpleDataSource source = source(address, tls, database);
        source.setOptions("-c role=" + terms.role() + " " + terms.settings());
        source.setSocketTimeout(seconds(terms.longest().plus(replyTimeout)));
        source.setMaxResultBuffer(Integer.toString(terms.resultBytesMax()));
        return tenant(source, login);
    }

    private PGSimpleDataSource source(ServerAddress address, ServerTls tls, String database) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setServerNames(new String[] {address.host()});
        source.setPortNumbers(new int[] {address.port()});
        source.setDatabaseName(database);
        source.setApplicationName(APPLICATION_NAME);
        source.setConnectTimeout(seconds(connectTimeout));
        source.setLoginTimeout(seconds(connectTimeout));
        source.setSocketTimeout(seconds(replyTimeout));
        source.setCancelSignalTimeout(seconds(connectTimeout));
        source.setTcpKeepAlive(true);
        source.setSslMode(tls.mode().name().toLowerCase(java.util.Locale.ROOT).replace('_', '-'));
        if (verifies(tls)) {
            if (tls.caPem().isEmpty()) {
                source.setSslfactory("org.postgresql.ssl.DefaultJavaSSLFactory");
            } else {
                source.setSslfactory("org.postgresql.ssl.SingleCertValidatingFactory");
                source.setSslFactoryArg(tls.caPem());
            }
        }
        return source;
    }

    private static boolean verifies(ServerTls tls) {
        return switch (tls.mode()) {
            case VERIFY_CA, VERIFY_FULL -> true;
            case DISABLE, PREFER, REQUIRE -> false;
        };
    }

    private static int seconds(Duration duration) {
        return Math.toIntExact(Math.max(1, duration.toSeconds()));
    }

    /** Says which server it was; keeps the server's own sentence. */
    static EngineException failed(ServerAddress address, String what, SQLException e) {
        String state = e.getSQLState();
        boolean unreachable = state == null || state.startsWith(UNABLE_TO_CONNECT_CLASS) || state.startsWith("57P0");
        return new EngineException(
                what + " on " + address + " failed: " + firstLine(e), unreachable, state == null ? "" : state, e);
    }

    /** The server's sentence, without what it says besides. */
    static String firstLine(SQLException e) {
        String line = String.valueOf(e.getMessage()).lines().findFirst().orElse("no reason given");
        return line.endsWith(".") ? line.substring(0, line.length() - 1) : line;
    }
}
