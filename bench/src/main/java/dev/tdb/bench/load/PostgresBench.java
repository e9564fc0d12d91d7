package dev.tdb.bench.load;

import dev.tdb.bench.wire.Endpoint;
import dev.tdb.local.PostgresBinaries;
import dev.tdb.local.PostgresServer;
import dev.tdb.proxy.credential.Secret;
import dev.tdb.proxy.route.Engine;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** A PostgreSQL. */
final class PostgresBench extends BenchServer {
    private final String verifier;

    private PostgresBench(PostgresServer server, Endpoint endpoint, String verifier) {
        super(server, endpoint);
        this.verifier = verifier;
    }

    static PostgresBench start(Path folder, Path cache, int scale, int iterations) throws SQLException {
        PostgresServer server = PostgresServer.spec(folder, PostgresBinaries.embedded(cache, System.err::println))
                .setting("max_connections", "1300")
                .setting("shared_buffers", "512MB")
                .setting("fsync", "off")
                .setting("synchronous_commit", "off")
                .setting("full_page_writes", "off")
                .setting("max_wal_size", "8GB")
                .setting("checkpoint_timeout", "1h")
                .setting("autovacuum", "off")
                .progress(System.err::println)
                .start();
        try {
            Secret password = Secret.of("measured-" + Long.toHexString(server.systemIdentifier()));
            String verifier = role(server, password, iterations);
            Endpoint endpoint = new Endpoint(Engine.POSTGRES, server.host(), server.port(), DATABASE, USER, password);
            PostgresBench started = new PostgresBench(server, endpoint, verifier);
            started.fill(scale);
            started.settle(DATABASE);
            return started;
        } catch (SQLException | RuntimeException e) {
            server.close();
            throw e;
        }
    }

    private static String role(PostgresServer server, Secret password, int iterations) throws SQLException {
        try (Connection connection = server.connect("postgres");
                Statement statement = connection.createStatement()) {
            statement.execute("SET scram_iterations = " + iterations);
            statement.execute("CREATE ROLE " + USER + " LOGIN SUPERUSER PASSWORD '" + password.reveal() + "'");
            statement.execute("CREATE DATABASE " + DATABASE + " OWNER " + USER);
            try (ResultSet row =
                    statement.executeQuery("SELECT rolpassword FROM pg_authid WHERE rolname = '" + USER + "'")) {
                row.next();
                return row.getString(1);
            }
        }
    }

    private void fill(int scale) throws SQLException {
        List<String> statements = new ArrayList<>(List.of("SET ROLE " + USER));
        statements.addAll(tables(scale));
        execute(DATABASE, statements);
    }

    @Override
    List<String> tables(int scale) {
        return List.of(
                "CREATE TABLE pgbench_branches (bid int PRIMARY KEY, bbalance int, filler char(88))",
                "CREATE TABLE pgbench_tellers (tid int PRIMARY KEY, bid int, tbalance int, filler char(84))",
                "CREATE TABLE pgbench_accounts (aid int NOT NULL, bid int, abalance int, filler char(84))",
                "CREATE TABLE pgbench_history"
                        + " (tid int, bid int, aid int, delta int, mtime timestamp, filler char(22))",
                "INSERT INTO pgbench_branches SELECT n, 0 FROM generate_series(1, " + scale + ") n",
                "INSERT INTO pgbench_tellers SELECT n, (n - 1) / 10 + 1, 0 FROM generate_series(1, " + 10 * scale
                        + ") n",
                "INSERT INTO pgbench_accounts SELECT n, (n - 1) / " + ACCOUNTS_PER_SCALE
                        + " + 1, 0, '' FROM generate_series(1, " + ACCOUNTS_PER_SCALE * scale + ") n",
                "ALTER TABLE pgbench_accounts ADD PRIMARY KEY (aid)",
                "CREATE TABLE " + BIG_TABLE + " AS SELECT repeat('x', " + BIG_ROW_BYTES
                        + ") AS v FROM generate_series(1, " + BIG_ROWS + ")",
                "CREATE UNLOGGED TABLE " + COPY_TABLE + " (v text)");
    }

    @Override
    void settle(String database) throws SQLException {
        execute(database, List.of("VACUUM (ANALYZE, FREEZE)", "CHECKPOINT"));
    }

    /** What the server keeps of the password. */
    String verifier() {
        return verifier;
    }
}
