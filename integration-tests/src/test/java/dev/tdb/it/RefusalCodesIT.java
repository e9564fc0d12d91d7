package dev.tdb.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.tdb.local.PostgresServer;
import dev.tdb.proxy.refusal.NativeErrors;
import dev.tdb.proxy.refusal.Refusal;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.pool.ConnectionPoolConfiguration;
import io.r2dbc.postgresql.PostgresqlConnectionConfiguration;
import io.r2dbc.postgresql.PostgresqlConnectionFactory;
import io.r2dbc.spi.R2dbcException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Function;
import javax.sql.DataSource;
import org.apache.commons.dbcp2.BasicDataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * What connection pools do with the code of a refusal, against a real server that raises it: the proof behind
 * docs/adr/0003-refusal-codes.md. A pool of one connection kept it when the server's process is the same afterwards.
 */
final class RefusalCodesIT {
    private static final String CHOSEN =
            NativeErrors.of(new Refusal.Suspended("shop__acme")).sqlState();
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static PostgresServer server;

    @BeforeAll
    static void start(@TempDir Path directory) {
        server = TestServers.postgres(directory).start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void everyRefusalThatKeepsTheConnectionAndAsksToTryAgainHasTheChosenCode() {
        assertThat(CHOSEN)
                .isEqualTo(NativeErrors.of(new Refusal.Provisioning("d")).sqlState())
                .isEqualTo(
                        NativeErrors.of(new Refusal.HoldTimedOut("d", PATIENCE)).sqlState())
                .isEqualTo(NativeErrors.of(new Refusal.HoldOverflow("d", 1)).sqlState());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void hikariKeepsAConnectionWithTheChosenCodeInAndOutsideATransaction(boolean autoCommit) throws SQLException {
        try (HikariDataSource pool = hikari()) {
            boolean kept = keeps(pool, CHOSEN, autoCommit);

            assertThat(kept).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"57P03", "57P01", "08006"})
    void hikariLosesAConnectionWithTheCodesThatWereNotChosen(String code) throws SQLException {
        try (HikariDataSource pool = hikari()) {
            boolean kept = keeps(pool, code, true);

            assertThat(kept).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void dbcpKeepsAConnectionWithTheChosenCodeInAndOutsideATransaction(boolean autoCommit) throws SQLException {
        try (BasicDataSource pool = dbcp()) {
            boolean kept = keeps(pool, CHOSEN, autoCommit);

            assertThat(kept).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"57P03", "57P01", "08006"})
    void dbcpLosesAConnectionWithTheCodesThatWereNotChosen(String code) throws SQLException {
        try (BasicDataSource pool = dbcp()) {
            boolean kept = keeps(pool, code, true);

            assertThat(kept).isFalse();
        }
    }

    @Test
    void r2dbcPoolKeepsAConnectionWithTheChosenCode() {
        ConnectionPool pool = r2dbc();
        try {
            int before = backend(pool);

            assertThatThrownBy(() -> execute(pool, raise(CHOSEN)))
                    .isInstanceOfSatisfying(
                            R2dbcException.class,
                            error -> assertThat(error.getSqlState()).isEqualTo(CHOSEN));

            assertThat(backend(pool)).isEqualTo(before);
        } finally {
            pool.dispose();
        }
    }

    /** r2dbc-pool goes by the connection, not by the code: a session that the server ends is the control here. */
    @Test
    void r2dbcPoolLosesAConnectionThatTheServerEnds() {
        ConnectionPool pool = r2dbc();
        try {
            int before = backend(pool);

            assertThatThrownBy(() -> execute(pool, "SELECT pg_terminate_backend(pg_backend_pid())"))
                    .isInstanceOf(R2dbcException.class);

            // The pool may hand the lost connection out once more before it hears of the loss.
            await().ignoreExceptionsInstanceOf(R2dbcException.class)
                    .untilAsserted(() -> assertThat(backend(pool)).isNotEqualTo(before));
        } finally {
            pool.dispose();
        }
    }

    // ---- JDBC

    private static HikariDataSource hikari() {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(server.jdbcUrl("postgres"));
        config.setUsername(server.superuser().user());
        config.setPassword(server.superuser().password());
        config.setMaximumPoolSize(1);
        return new HikariDataSource(config);
    }

    /** With the settings under which it looks at codes at all. */
    private static BasicDataSource dbcp() {
        BasicDataSource pool = new BasicDataSource();
        pool.setUrl(server.jdbcUrl("postgres"));
        pool.setUsername(server.superuser().user());
        pool.setPassword(server.superuser().password());
        pool.setMaxTotal(1);
        pool.setFastFailValidation(true);
        pool.setTestOnReturn(true);
        return pool;
    }

    /** Whether a pool of one has the same connection after a statement failed with {@code code}. */
    private static boolean keeps(DataSource pool, String code, boolean autoCommit) throws SQLException {
        int before = backend(pool);
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(autoCommit);
            assertThatThrownBy(() -> statement.execute(raise(code)))
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            error -> assertThat(error.getSQLState()).isEqualTo(code));
            if (!autoCommit && !connection.isClosed()) {
                connection.rollback();
            }
        }
        return backend(pool) == before;
    }

    private static int backend(DataSource pool) throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_backend_pid()")) {
            row.next();
            return row.getInt(1);
        }
    }

    // ---- R2DBC

    private static ConnectionPool r2dbc() {
        PostgresqlConnectionFactory factory =
                new PostgresqlConnectionFactory(PostgresqlConnectionConfiguration.builder()
                        .host(server.host())
                        .port(server.port())
                        .database("postgres")
                        .username(server.superuser().user())
                        .password(server.superuser().password())
                        .build());
        return new ConnectionPool(
                ConnectionPoolConfiguration.builder(factory).maxSize(1).build());
    }

    private static int backend(ConnectionPool pool) {
        return Objects.requireNonNull(with(
                pool,
                connection -> Flux.from(connection
                                .createStatement("SELECT pg_backend_pid() AS pid")
                                .execute())
                        .flatMap(result -> result.map(row -> Objects.requireNonNull(row.get("pid", Integer.class))))
                        .single()));
    }

    private static void execute(ConnectionPool pool, String sql) {
        with(
                pool,
                connection -> Flux.from(connection.createStatement(sql).execute())
                        .flatMap(io.r2dbc.spi.Result::getRowsUpdated)
                        .then());
    }

    private static <T> @org.jspecify.annotations.Nullable T with(
            ConnectionPool pool, Function<io.r2dbc.spi.Connection, Mono<T>> work) {
        return Mono.usingWhen(pool.create(), work, io.r2dbc.spi.Connection::close)
                .block(PATIENCE);
    }

    /** Fails on the server with {@code code}, as an ERROR. */
    private static String raise(String code) {
        return "DO $$ BEGIN RAISE EXCEPTION 'refused' USING ERRCODE = '" + code + "'; END $$";
    }
}
