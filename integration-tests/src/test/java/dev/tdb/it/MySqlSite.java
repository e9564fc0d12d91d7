package dev.tdb.it;

import dev.tdb.local.MySqlServer;
import java.net.InetSocketAddress;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** A MySQL or MariaDB server with a database for the contracts. */
final class MySqlSite extends SqlSite {
    private static final int NO_SUCH_THREAD = 1094;

    private final MySqlServer server;

    MySqlSite(MySqlServer server) throws SQLException {
        super(new InetSocketAddress(server.host(), server.port()), server.connect(""));
        this.server = server;
        execute("CREATE DATABASE " + DATABASE);
        execute("USE " + DATABASE);
        execute("CREATE USER " + LOGIN.user() + "@'127.0.0.1' IDENTIFIED BY '"
                + LOGIN.password().reveal() + "'");
        execute("GRANT ALL ON " + DATABASE + ".* TO " + LOGIN.user() + "@'127.0.0.1'");
        execute("CREATE TABLE trace (at BIGINT AUTO_INCREMENT PRIMARY KEY, number INT NOT NULL)");
        execute("CREATE TABLE filler (n INT PRIMARY KEY)");
        execute("INSERT INTO filler WITH RECURSIVE numbers (n) AS"
                + " (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 1000) SELECT n FROM numbers");
    }

    MySqlServer server() {
        return server;
    }

    @Override
    public int running() {
        return numbers("SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE COMMAND IN ('Query', 'Execute')"
                        + " AND USER = '" + LOGIN.user() + "'")
                .getFirst();
    }

    @Override
    public void endSessions() {
        for (int id : sessions()) {
            try (Statement statement = connection().createStatement()) {
                statement.execute("KILL " + id);
            } catch (SQLException e) {
                if (e.getErrorCode() != NO_SUCH_THREAD) {
                    throw new IllegalStateException(e);
                }
            }
        }
    }

    @Override
    List<Integer> sessions() {
        return numbers("SELECT ID FROM information_schema.PROCESSLIST WHERE USER = '" + LOGIN.user() + "'");
    }

    @Override
    public void close() throws SQLException {
        super.close();
        server.close();
    }
}
