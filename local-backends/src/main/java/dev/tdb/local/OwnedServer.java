package dev.tdb.local;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/**
 * A database server that this JVM has started and that ends with it, however the JVM ends. It may be stopped and started
 * again, always on the same port. Safe for use by many threads; each call blocks until it is done.
 */
public abstract sealed class OwnedServer implements AutoCloseable permits MySqlServer, PostgresServer {
    private final ServerDirectory directory;
    private final IntFunction<RunningServer> launch;
    private final boolean stopsAtExit;
    private final ExitHook exitHook = new ExitHook(this::close);
    private volatile RunningServer running;

    /**
     * @param running the server as it was started first
     * @param launch starts it once more, on the port given
     * @param stopsAtExit whether it is stopped in order when the JVM exits, or killed after it
     */
    OwnedServer(
            ServerDirectory directory, RunningServer running, IntFunction<RunningServer> launch, boolean stopsAtExit) {
        this.directory = directory;
        this.running = running;
        this.launch = launch;
        this.stopsAtExit = stopsAtExit;
    }

    /** Nothing is left running when {@code server} cannot be made. */
    static <S extends OwnedServer> S owning(RunningServer running, Supplier<S> server) {
        try {
            S owned = server.get();
            owned.hookIntoExit();
            return owned;
        } catch (RuntimeException e) {
            running.process().kill(ServerStart.KILL_PATIENCE);
            running.lock().close();
            throw e;
        }
    }

    /** The signal by which the server stops in this way. */
    abstract String signal(StopMode mode);

    /** The user that may do everything. Its password stays the same for as long as the directory lives. */
    public abstract Login superuser();

    /**
     * A new connection of the superuser, for the caller to close. The engine's driver must be on the class path.
     *
     * @param database empty for none, where the engine has that
     */
    public abstract Connection connect(String database) throws SQLException;

    /** The loopback address; local servers listen nowhere else. */
    public final String host() {
        return Ports.HOST;
    }

    public final int port() {
        return running.port();
    }

    public final Path dataDirectory() {
        return directory.data();
    }

    /** What the server prints, over all its starts. */
    public final Path logFile() {
        return directory.log();
    }

    /** The process of the server, or of its last run. */
    public final long pid() {
        return running.process().pid();
    }

    public final boolean isRunning() {
        return running.process().isAlive();
    }

    /** As {@code stop(StopMode.FAST)}. */
    @Override
    public final void close() {
        stop(StopMode.FAST);
    }

    /** Returns when the server has ended; it is killed when it will not. Nothing happens when it has ended already. */
    public final synchronized void stop(StopMode mode) {
        try {
            running.process().stop(signal(mode));
        } finally {
            released();
        }
    }

    /** Kills the server and all its sessions with signal 9, as a crash would, and returns when they are gone. */
    public final synchronized void kill() {
        try {
            running.process().kill(ServerStart.KILL_PATIENCE);
        } finally {
            released();
        }
    }

    /** Stops the server if it runs, and starts it on the port it had. */
    public final synchronized void restart() {
        stop(StopMode.FAST);
        running = launch.apply(running.port());
        hookIntoExit();
    }

    void hookIntoExit() {
        if (stopsAtExit) {
            exitHook.set();
        }
    }

    private void released() {
        running.lock().close();
        exitHook.remove();
    }
}
