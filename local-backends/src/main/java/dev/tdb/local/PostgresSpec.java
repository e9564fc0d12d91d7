package dev.tdb.local;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * What a local PostgreSQL shall be like. A value: each method returns a changed copy.
 *
 * <p>Unless said otherwise it listens on any free port of 127.0.0.1, without TLS, and stops when the JVM exits.
 */
public final class PostgresSpec {
    private static final Set<String> OURS =
            Set.of("port", "listen_addresses", "unix_socket_directories", "ssl", "ssl_cert_file", "ssl_key_file");

    private final Path directory;
    private final PostgresBinaries binaries;
    private final PostgresOrigin origin;
    private int port;
    private Map<String, String> settings;
    private ServerTls tls = new ServerTls.Off();
    private Duration patience = Duration.ofSeconds(60);
    private Progress progress = Progress.silent();
    private boolean stopAtExit = true;

    PostgresSpec(Path directory, PostgresBinaries binaries, PostgresOrigin origin, Map<String, String> settings) {
        this.directory = directory;
        this.binaries = binaries;
        this.origin = origin;
        this.settings = settings;
    }

    private PostgresSpec copy() {
        PostgresSpec copy = new PostgresSpec(directory, binaries, origin, settings);
        copy.port = port;
        copy.tls = tls;
        copy.patience = patience;
        copy.progress = progress;
        copy.stopAtExit = stopAtExit;
        return copy;
    }

    /** @param port to listen on; 0 means any that is free */
    public PostgresSpec port(int port) {
        if (port < 0 || port > 0xffff) {
            throw new IllegalArgumentException("port " + port + ", expected 0 to 65535");
        }
        PostgresSpec copy = copy();
        copy.port = port;
        return copy;
    }

    /** A setting as in {@code postgresql.conf}, without quotes; ALTER SYSTEM wins over it. */
    public PostgresSpec setting(String name, String value) {
        if (!name.matches("[A-Za-z_][A-Za-z0-9_.]*") || value.chars().anyMatch(c -> c < ' ')) {
            throw new IllegalArgumentException("not a setting: " + name + " = " + value);
        }
        if (OURS.contains(name)) {
            throw new IllegalArgumentException(name + " has a method of its own, or cannot be changed");
        }
        PostgresSpec copy = copy();
        Map<String, String> changed = new LinkedHashMap<>(settings);
        changed.put(name, value);
        copy.settings = Collections.unmodifiableMap(changed);
        return copy;
    }

    /** Offers TLS to those who ask for it; both files are PEM, and copied at each start. */
    public PostgresSpec tls(Path certificate, Path key) {
        PostgresSpec copy = copy();
        copy.tls = new ServerTls.On(certificate, key);
        return copy;
    }

    /** How long each of initialising, starting and promoting may take; 60 s by default. */
    public PostgresSpec patience(Duration patience) {
        PostgresSpec copy = copy();
        copy.patience = patience;
        return copy;
    }

    public PostgresSpec progress(Progress progress) {
        PostgresSpec copy = copy();
        copy.progress = progress;
        return copy;
    }

    /**
     * For who stops things in an order of its own when the JVM exits: no shutdown hook. A server that is forgotten is
     * stopped all the same, once the JVM is gone.
     */
    public PostgresSpec withoutShutdownHook() {
        PostgresSpec copy = copy();
        copy.stopAtExit = false;
        return copy;
    }

    /**
     * Starts it and returns when it accepts connections. Data that the directory already has is used; a server that an
     * ended JVM left running on it is stopped first.
     *
     * @throws PortTakenException when a port was named and another process has it
     * @throws DirectoryInUseException when a server of a living JVM runs there
     * @throws ServerStartException when the server ends or hangs; with the last lines of its log
     * @throws LocalServerException for all else
     */
    public PostgresServer start() {
        return PostgresServer.start(this);
    }

    Path directory() {
        return directory;
    }

    PostgresBinaries binaries() {
        return binaries;
    }

    PostgresOrigin origin() {
        return origin;
    }

    int port() {
        return port;
    }

    Map<String, String> settings() {
        return settings;
    }

    ServerTls tls() {
        return tls;
    }

    Duration patience() {
        return patience;
    }

    Progress progress() {
        return progress;
    }

    boolean stopsAtExit() {
        return stopAtExit;
    }
}
