package dev.tdb.local;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

/**
 * A MySQL or MariaDB server that this JVM has started and that ends with it, however the JVM ends. It may be stopped and
 * started again, always on the same port. Safe for use by many threads; each call blocks until it is done.
 */
public final class MySqlServer implements AutoCloseable {
    private static final String FAST_SIGNAL = "TERM";
    private static final String IMMEDIATE_SIGNAL = "KILL";

    private final MySqlSpec spec;
    private final MySqlDirectory directory;
    private final Login superuser;
    private final ExitHook exitHook = new ExitHook(this::close);
    private volatile RunningServer running;

    private MySqlServer(MySqlSpec spec, MySqlDirectory directory, RunningServer running) {
        this.spec = spec;
        this.directory = directory;
        this.running = running;
        this.superuser = LoginFile.load(directory.logins(), 1).getFirst();
    }

    /**
     * A server without databases, or with those it left in {@code directory} before.
     *
     * @param directory for all that the server keeps: data, log and passwords; made when absent
     */
    public static MySqlSpec spec(Path directory, MySqlBinaries binaries) {
        return new MySqlSpec(directory, binaries);
    }

    static MySqlServer start(MySqlSpec spec) {
        MySqlDirectory directory = MySqlDirectory.prepare(spec.directory());
        RunningServer running = MySqlLaunch.launch(spec, directory, spec.port());
        try {
            MySqlServer server = new MySqlServer(spec, directory, running);
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

    public MySqlBinaries.Flavour flavour() {
        return spec.binaries().flavour();
    }

    /** The user that may do everything. Its password stays the same for as long as the directory lives. */
    public Login superuser() {
        return superuser;
    }

    /**
     * Without user and password, which do not belong into an address that may be printed.
     *
     * @param database empty for none
     */
    public String jdbcUrl(String database) {
        return "jdbc:mariadb://" + host() + ":" + port() + "/" + database;
    }

    /** A new connection of the superuser, for the caller to close. The driver must be on the class path. */
    public Connection connect(String database) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", superuser.user());
        properties.setProperty("password", superuser.password());
        properties.setProperty("allowPublicKeyRetrieval", "true"); // nobody stands between us and a loopback address
        return DriverManager.getConnection(jdbcUrl(database), properties);
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

    /** Kills the server with signal 9, as a crash would, and returns when it is gone. */
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
        running = MySqlLaunch.launch(spec, directory, running.port());
        hookIntoExit();
    }

    @Override
    public String toString() {
        return flavour().title() + " " + spec.binaries().version() + " on port " + port() + " in " + directory.root();
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
