package dev.tdb.control.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.tdb.control.ControlException;
import dev.tdb.control.ErrorCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationInfoService;
import org.flywaydb.core.api.MigrationState;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;

/**
 * The control database: SQLite in a file, or PostgreSQL. A write is one transaction and durable when it returns (SQLite:
 * write-ahead log with a sync at each commit). Calls block; never from an event loop.
 *
 * <p>Whoever comes waits for his turn, in the order of coming, and only then for a connection: when many come at once the
 * last of them waits long, and that is no sign of a database that is away. SQLite takes one write at a time and lets the
 * others ask again and again, whoever was first, so they wait here instead.
 */
public final class StateStore implements AutoCloseable {
    private static final Duration WAIT_MAX = Duration.ofSeconds(10);
    private static final Duration TURN_MAX = Duration.ofMinutes(1);
    private static final int CONNECTIONS_MAX = 8;

    private final HikariDataSource pool;
    private final Jdbi jdbi;
    private final Semaphore connections = new Semaphore(CONNECTIONS_MAX, true);
    private final Semaphore writes;

    /** Threads that are at the database: a call within a call would wait for what its own caller holds. */
    private final Set<Thread> within = ConcurrentHashMap.newKeySet();

    private StateStore(HikariDataSource pool, int writesMax) {
        this.pool = pool;
        this.jdbi = Jdbi.create(pool);
        this.writes = new Semaphore(writesMax, true);
    }

    /** Opens the database and brings its tables up to date. */
    public static StateStore open(StoreSettings settings) {
        return open(settings, WAIT_MAX);
    }

    /** @param waitMax for a connection, and for another process to be done with writing */
    static StateStore open(StoreSettings settings, Duration waitMax) {
        HikariConfig config = new HikariConfig();
        config.setPoolName("control");
        config.setJdbcUrl(settings.jdbcUrl());
        config.setConnectionTimeout(waitMax.toMillis());
        config.setMaximumPoolSize(CONNECTIONS_MAX);
        config.setMinimumIdle(1);
        if (settings.isSqlite()) {
            makeFolder(settings);
            config.addDataSourceProperty("journal_mode", "WAL");
            config.addDataSourceProperty("synchronous", "FULL");
            config.addDataSourceProperty("foreign_keys", "true");
            config.addDataSourceProperty("busy_timeout", Long.toString(waitMax.toMillis()));
            // A transaction that begins by reading and then writes would otherwise fail instead of waiting.
            config.addDataSourceProperty("transaction_mode", "IMMEDIATE");
        } else {
            config.setUsername(settings.user());
            config.setPassword(settings.password().reveal());
            config.addDataSourceProperty("ApplicationName", "tdb control database");
            config.addDataSourceProperty("socketTimeout", "30");
            config.addDataSourceProperty("connectTimeout", "5");
        }
        HikariDataSource pool = new HikariDataSource(config);
        try {
            Flyway schema = Flyway.configure(StateStore.class.getClassLoader())
                    .dataSource(pool)
                    .locations("classpath:dev/tdb/control/store")
                    .table("schema_versions")
                    .load();
            requireKnown(schema.info());
            schema.migrate();
            return new StateStore(pool, settings.isSqlite() ? 1 : CONNECTIONS_MAX);
        } catch (RuntimeException e) {
            pool.close();
            throw e;
        }
    }

    /** A program that does not know what a newer one has made of the tables would spoil it. */
    private static void requireKnown(MigrationInfoService schema) {
        for (MigrationInfo migration : schema.all()) {
            MigrationState state = migration.getState();
            if (state.isApplied() && !state.isResolved()) {
                throw new IllegalStateException(
                        "the control database was made by a newer tdb (its schema is at version "
                                + migration.getVersion() + "): start that one, or put back a backup from before it");
            }
        }
    }

    private static void makeFolder(StoreSettings settings) {
        Path folder =
                Path.of(settings.jdbcUrl().substring("jdbc:sqlite:".length())).getParent();
        if (folder == null) {
            return;
        }
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads; several statements may see different moments. */
    public <T> T read(Function<Tables, T> work) {
        return once(() -> inTurn(
                connections,
                () -> translated(() -> {
                    try (Handle handle = jdbi.open()) {
                        return work.apply(new Tables(handle));
                    }
                })));
    }

    /** Does all of {@code work} in one transaction, or none of it. */
    public <T> T write(Function<Tables, T> work) {
        Work<T> transaction = () -> translated(() -> jdbi.inTransaction(handle -> work.apply(new Tables(handle))));
        return once(() -> inTurn(writes, () -> inTurn(connections, transaction)));
    }

    private interface Work<T> {
        T run();
    }

    private <T> T once(Work<T> work) {
        if (!within.add(Thread.currentThread())) {
            throw new IllegalStateException("the control database is called within a call");
        }
        try {
            return work.run();
        } finally {
            within.remove(Thread.currentThread());
        }
    }

    private static <T> T inTurn(Semaphore turns, Work<T> work) {
        try {
            if (!turns.tryAcquire(TURN_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new ControlException(
                        ErrorCode.UNAVAILABLE, "too much is asked of the control database at the moment. Try again");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ControlException(ErrorCode.UNAVAILABLE, "the wait for the control database was ended", e);
        }
        try {
            return work.run();
        } finally {
            turns.release();
        }
    }

    private static <T> T translated(Work<T> work) {
        try {
            return work.run();
        } catch (JdbiException e) {
            if (isUnique(e)) {
                throw new DuplicateRow(e);
            }
            throw new ControlException(ErrorCode.UNAVAILABLE, "the control database cannot be used at the moment", e);
        }
    }

    /** SQLite names the kind of constraint only in words; PostgreSQL has SQLSTATE 23505. */
    private static boolean isUnique(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                String message = String.valueOf(sql.getMessage());
                return "23505".equals(sql.getSQLState())
                        || message.contains("SQLITE_CONSTRAINT_UNIQUE")
                        || message.contains("SQLITE_CONSTRAINT_PRIMARYKEY");
            }
        }
        return false;
    }

    @Override
    public void close() {
        pool.close();
    }
}
