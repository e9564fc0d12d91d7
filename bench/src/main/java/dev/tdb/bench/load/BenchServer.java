package dev.tdb.bench.load;

import dev.tdb.bench.wire.Endpoint;
import dev.tdb.local.Login;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;

/** The server that all ways lead to, with pgbench's tables and a result of 100 MB. */
sealed interface BenchServer extends AutoCloseable permits PostgresBench, MySqlBench {
    String BIG_TABLE = "big";
    int BIG_ROWS = 100_000;
    int BIG_ROW_BYTES = 1_000;
    String COPY_TABLE = "copied";
    int ACCOUNTS_PER_SCALE = 100_000;

    String DATABASE = "bench";
    String USER = "bench";

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
    List<String> tables(int scale);

    /** A tenant of ours has a database of its own here, with the same tables. */
    void alsoHas(String database) throws SQLException;

    void emptyCopies() throws SQLException;

    Login superuser();

    Endpoint endpoint();

    long pid();

    /** The product and its version. */
    String version();

    @Override
    void close();
}
