package dev.tdb.local;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A PostgreSQL server that this JVM has started and that ends with it, however the JVM ends. It may be stopped and
 * started again, always on the same port. Safe for use by many threads; each call blocks until it is done.
 */
public final class PostgresServer implements AutoCloseable {
    private static final String FAST_SIGNAL = "INT";
    private static final String IMMEDIATE_SIGNAL = "QUIT";

    private final PostgresSpec spec;
    private final PostgresDirectory directory;
    private final PostgresLogins logins;
    private final ExitHook exitHook = new ExitHook(this::close);
    private volatile RunningServer running;

    private PostgresServer(PostgresSpec spec, PostgresDirectory directory, RunningServer running) {
        this.spec = spec;
        this.directory = directory;
        this.running = running;
        this.logins = PostgresLogins.load(directory.logins());
    }

    /**
     * A server with an empty cluster, or with the one it left in {@code directory} before.
     *
     * @param directory for all that the server keeps: data, log and passwords; made when absent
     */
    public static PostgresSpec spec(Path directory, PostgresBinaries binaries) {
        return new PostgresSpec(directory, binaries, new NewCluster(), Map.of());
    }

    /**
     * A hot standby: at its first start a copy of {@code primary}, which must be running then; it has the same
     * settings, logins and system identifier. The primary must stay on its port for as long as it shall be followed.
     */
    public static PostgresSpec standbyOf(PostgresServer primary, Path directory) {
        return new PostgresSpec(directory, primary.spec.binaries(), new StandbyCopy(primary), primary.spec.settings());
    }

    static PostgresServer start(PostgresSpec spec) {
        PostgresDirectory directory = PostgresDirectory.prepare(spec.directory());
        RunningServer running = PostgresLaunch.launch(spec, directory, spec.port());
        try {
            PostgresServer server = new PostgresServer(spec, directory, running);
            server.hookIntoExit();
            return server;
        } catch (RuntimeException e) {
            running.process().kill(ServerStart.KILL_PATIENCE);
            running.lock().close();
            throw e;
        }
    }

    /** The loopback address; local servers listen nowhere else. */
    public String host() {
        return Ports.HOST;
    }

    public int port() {
        return running.port();
    }

    /** The user that may do everything. Its password stays the same for as long as the directory lives. */
    public Login superuser() {
        return logins.superuser();
    }

    /** Without user and password, which do not belong into an address that may be printed. */
    public String jdbcUrl(String database) {
        return "jdbc:postgresql://" + host() + ":" + port() + "/" + database;
    }

    /** A new connection of the superuser, for the caller to close. */
    public Connection connect(String database) throws SQLException {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(jdbcUrl(database));
        source.setUser(superuser().user());
        source.setPassword(superuser().password());
        return source.getConnection();
    }

    /** What tells clusters apart; a standby has that of its primary. Known also while the server is stopped. */
    public long systemIdentifier() {
        return directory.systemIdentifier();
    }

    public Path dataDirectory() {
        return directory.data();
    }

    /** What the server prints, over all its starts. */
    public Path logFile() {
        return directory.log();
    }

    /** The process of the server, or of its last run. */
    public long pid() {
        return running.process().pid();
    }

    public boolean isRunning() {
        return running.process().isAlive();
    }

    /** As {@code stop(StopMode.FAST)}. */
    @Override
    public void close() {
        stop(StopMode.FAST);
    }

    /** Returns when the server has ended; it is killed when it will not. Nothing happens when it has ended already. */
    public synchronized void stop(StopMode mode) {
        try {
            running.process()
                    .stop(
                            switch (mode) {
                                case FAST -> FAST_SIGNAL;
                                case IMMEDIATE -> IMMEDIATE_SIGNAL;
                            });
        } finally {
            released();
        }
    }

    /** Kills the server and all its sessions with signal 9, and returns when they are gone. */
    public synchronized void kill() {
        try {
            running.process().kill(ServerStart.KILL_PATIENCE);
        } finally {
            released();
        }
    }

    /** Stops the server if it runs, and starts it on the port it had. */
    public synchronized void restart() {
        stop(StopMode.FAST);
        running = PostgresLaunch.launch(spec, directory, running.port());
        hookIntoExit();
    }

    /** Makes a standby a primary; returns when it accepts writes. */
    public void promote() {
        spec.progress().step("promoting the standby on port " + port());
        try (Connection connection = connect("postgres");
                PreparedStatement promote = connection.prepareStatement("SELECT pg_promote(true, ?)")) {
            promote.setInt(1, Math.toIntExact(Math.max(1, spec.patience().toSeconds())));
            try (ResultSet row = promote.executeQuery()) {
                if (!row.next() || !row.getBoolean(1)) {
                    throw new LocalServerException("the standby on port " + port() + " was not promoted within "
                            + spec.patience().toSeconds() + " s; see " + logFile());
                }
            }
        } catch (SQLException e) {
            throw new LocalServerException("cannot promote the server on port " + port(), e);
        }
    }

    @Override
    public String toString() {
        return "PostgreSQL " + spec.binaries().version() + " on port " + port() + " in " + directory.root();
    }

    PostgresLogins logins() {
        return logins;
    }

    private void hookIntoExit() {
        if (spec.stopsAtExit()) {
            exitHook.set();
        }
    }

    private void released() {
        running.lock().close();
        exitHook.remove();
    }
}
