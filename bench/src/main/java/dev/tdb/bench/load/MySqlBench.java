package dev.tdb.bench.load;

import dev.tdb.bench.wire.Endpoint;
import dev.tdb.local.MySqlBinaries;
import dev.tdb.local.MySqlServer;
import dev.tdb.local.MySqlSpec;
import dev.tdb.proxy.credential.Secret;
import dev.tdb.proxy.route.Engine;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A MariaDB or a MySQL. */
final class MySqlBench extends BenchServer {
    private static final String PASSWORD = "measured-and-no-secret";

    private MySqlBench(MySqlServer server, Endpoint endpoint) {
        super(server, endpoint);
    }

    static MySqlBench start(Product product, Path folder, Path cache, int scale) throws SQLException {
        MySqlBinaries binaries = product == Product.MARIADB
                ? MySqlBinaries.mariaDb(cache, System.err::println)
                : MySqlBinaries.mySql(cache, System.err::println);
        MySqlServer server = spec(folder, binaries).start();
        try {
            Endpoint endpoint =
                    new Endpoint(Engine.MYSQL, server.host(), server.port(), DATABASE, USER, Secret.of(PASSWORD));
            MySqlBench started = new MySqlBench(server, endpoint);
            started.fill(product, scale);
            started.settle(DATABASE);
            return started;
        } catch (SQLException | RuntimeException e) {
            server.close();
            throw e;
        }
    }

    private static MySqlSpec spec(Path folder, MySqlBinaries binaries) {
        return MySqlServer.spec(folder, binaries)
                .setting("max-connections", "1300")
                .setting("innodb-buffer-pool-size", "512M")
                .setting("innodb-flush-log-at-trx-commit", "0")
                .setting("innodb-doublewrite", "0")
                .setting("sync-binlog", "0")
                .setting("local-infile", "1")
                .progress(System.err::println);
    }

    private void fill(Product product, int scale) throws SQLException {
        String plugin = product == Product.MYSQL ? "WITH mysql_native_password " : "";
        execute(
                "",
                List.of(
                        "CREATE DATABASE " + DATABASE,
                        "CREATE USER " + USER + "@'127.0.0.1' IDENTIFIED " + plugin + "BY '" + PASSWORD + "'",
                        "GRANT ALL ON *.* TO " + USER + "@'127.0.0.1'"));
        execute(DATABASE, tables(scale));
    }

    /** Neither product has PostgreSQL's generate_series: ten digits, crossed, are numbers. */
    @Override
    List<String> tables(int scale) {
        String branches = IntStream.rangeClosed(1, scale)
                .mapToObj(n -> "(" + n + ", 0, '')")
                .collect(Collectors.joining(", "));
        String digits = "digits a, digits b, digits c, digits d, digits e";
        String number = "a.n + 10 * b.n + 100 * c.n + 1000 * d.n + 10000 * e.n";
        return List.of(
                "CREATE TABLE digits (n INT PRIMARY KEY)",
                "INSERT INTO digits VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)",
                "CREATE TABLE pgbench_branches (bid INT PRIMARY KEY, bbalance INT, filler CHAR(88))",
                "CREATE TABLE pgbench_tellers (tid INT PRIMARY KEY, bid INT, tbalance INT, filler CHAR(84))",
                "CREATE TABLE pgbench_accounts (aid INT PRIMARY KEY, bid INT, abalance INT, filler CHAR(84))",
                "CREATE TABLE pgbench_history"
                        + " (tid INT, bid INT, aid INT, delta INT, mtime TIMESTAMP, filler CHAR(22))",
                "INSERT INTO pgbench_branches VALUES " + branches,
                "INSERT INTO pgbench_tellers SELECT 10 * (bid - 1) + n + 1, bid, 0, '' FROM pgbench_branches, digits",
                "INSERT INTO pgbench_accounts SELECT " + ACCOUNTS_PER_SCALE + " * (bid - 1) + " + number
                        + " + 1, bid, 0, '' FROM pgbench_branches, " + digits,
                "CREATE TABLE " + BIG_TABLE + " AS SELECT REPEAT('x', " + BIG_ROW_BYTES + ") AS v FROM " + digits,
                "CREATE TABLE " + COPY_TABLE + " (v TEXT)");
    }

    @Override
    void settle(String database) throws SQLException {
        execute(database, List.of("ANALYZE TABLE pgbench_accounts, " + BIG_TABLE));
    }
}
