package dev.tdb.bench.load;

import dev.tdb.bench.wire.Endpoint;
import dev.tdb.local.Login;
import dev.tdb.local.OwnedServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** The server that all ways lead to, with pgbench's tables and a result of 100 MB. */
abstract sealed class BenchServer implements AutoCloseable permits PostgresBench, MySqlBench {
    static final String BIG_TABLE = "big";
    static final int BIG_ROWS = 100_000;
    static final int BIG_ROW_BYTES = 1_000;
    static final String COPY_TABLE = "copied";
    static final int ACCOUNTS_PER_SCALE = 100_000;

    static final String DATABASE = "bench";
    static final String USER = "bench";

    private final OwnedServer server;
    private final Endpoint endpoint;
    private final List<String> databases = new ArrayList<>(List.of(DATABASE));

    BenchServer(OwnedServer server, Endpoint endpoint) {
        this.server = server;
        this.endpoint = endpoint;
    }

    /**
     * @param cache where programs are unpacked once
     * @param scale of pgbench: 100,000 accounts each
     * @param iterations of SCRAM
     */
    static BenchServer start(Product product, Path folder, Path cache, int scale, int iterations) throws SQLException {
        return switch (product) {
            case POSTGRES -> PostgresBench.start(folder, cache, scale, iterations);
            case MARIADB, MYSQL -> MySqlBench.start(product, folder, cache, scale);
        };
    }

    /** The tables of {@code pgbench -i} with their rows, and ours, as statements of a version. */
    abstract List<String> tables(int scale);

    /** So that no way finds more to be cleaned up in a database than another. */
    abstract void settle(String database) throws SQLException;

    /** A tenant of ours has a database of its own here, with the same tables. */
    final void alsoHas(String database) throws SQLException {
        databases.add(database);
        settle(database);
    }

    final void emptyCopies() throws SQLException {
        for (String database : databases) {
            execute(database, List.of("TRUNCATE " + COPY_TABLE));
        }
    }

    final void execute(String database, List<String> statements) throws SQLException {
        try (Connection connection = server.connect(database);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    final Login superuser() {
        return server.superuser();
    }

    final Endpoint endpoint() {
        return endpoint;
    }

    final long pid() {
        return server.pid();
    }

    /** The product and its version. */
    final String version() {
        return server.toString().replaceFirst(" on .*", "");
    }

    @Override
    public final void close() {
        server.close();
    }
}
