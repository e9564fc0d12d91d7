package dev.tdb.local;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * What a local MySQL or MariaDB shall be like. A value: each method returns a changed copy.
 *
 * <p>Unless said otherwise it listens on any free port of 127.0.0.1, without TLS, and stops when the JVM exits. It writes a
 * binary log in row format and takes packets of up to a gigabyte.
 */
public final class MySqlSpec {
    private static final Set<String> OURS = Set.of(
            "port",
            "bind-address",
            "socket",
            "pid-file",
            "datadir",
            "basedir",
            "ssl-cert",
            "ssl-key",
            "user",
            "init-file");

    /** All that may be chosen. */
    private record Choices(
            int port,
            Map<String, String> settings,
            ServerTls tls,
            Duration patience,
            Progress progress,
            boolean stopAtExit) {}

    private final Path directory;
    private final MySqlBinaries binaries;
    private final Choices choices;

    MySqlSpec(Path directory, MySqlBinaries binaries) {
        this(
                directory,
                binaries,
                new Choices(0, Map.of(), new ServerTls.Off(), Duration.ofSeconds(60), Progress.silent(), true));
    }

    private MySqlSpec(Path directory, MySqlBinaries binaries, Choices choices) {
        this.directory = directory;
        this.binaries = binaries;
        this.choices = choices;
    }

    /** @param port to listen on; 0 means any that is free */
    public MySqlSpec port(int port) {
        if (port < 0 || port > 0xffff) {
            throw new IllegalArgumentException("port " + port + ", expected 0 to 65535");
        }
        return with(new Choices(
                port, choices.settings, choices.tls, choices.patience, choices.progress, choices.stopAtExit));
    }

    /** An option as on the server's command line, without its dashes: {@code max-connections}. */
    public MySqlSpec setting(String name, String value) {
        String dashed = name.replace('_', '-');
        if (!dashed.matches("[a-z][a-z0-9-]*") || value.chars().anyMatch(c -> c < ' ')) {
            throw new IllegalArgumentException("not a setting: " + name + " = " + value);
        }
        if (OURS.contains(dashed)) {
            throw new IllegalArgumentException(name + " has a method of its own, or cannot be changed");
        }
        Map<String, String> changed = new LinkedHashMap<>(choices.settings);
        changed.put(dashed, value);
        return with(new Choices(
                choices.port,
                Collections.unmodifiableMap(changed),
                choices.tls,
                choices.patience,
                choices.progress,
                choices.stopAtExit));
    }

    /** Offers TLS to those who ask for it; both files are PEM, and copied at each start. */
    public MySqlSpec tls(Path certificate, Path key) {
        return with(new Choices(
                choices.port,
                choices.settings,
                new ServerTls.On(certificate, key),
                choices.patience,
                choices.progress,
                choices.stopAtExit));
    }

    /** How long each of initialising and starting may take; 60 s by default. */
    public MySqlSpec patience(Duration patience) {
        return with(new Choices(
                choices.port, choices.settings, choices.tls, patience, choices.progress, choices.stopAtExit));
    }

    public MySqlSpec progress(Progress progress) {
        return with(new Choices(
                choices.port, choices.settings, choices.tls, choices.patience, progress, choices.stopAtExit));
    }

    /**
     * For who stops things in an order of its own when the JVM exits: no shutdown hook. A server that is forgotten is
     * stopped all the same, once the JVM is gone.
     */
    public MySqlSpec withoutShutdownHook() {
        return with(
                new Choices(choices.port, choices.settings, choices.tls, choices.patience, choices.progress, false));
    }

    private MySqlSpec with(Choices changed) {
        return new MySqlSpec(directory, binaries, changed);
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
    public MySqlServer start() {
        return MySqlServer.start(this);
    }

    Path directory() {
        return directory;
    }

    MySqlBinaries binaries() {
        return binaries;
    }

    int port() {
        return choices.port;
    }

    Map<String, String> settings() {
        return choices.settings;
    }

    ServerTls tls() {
        return choices.tls;
    }

    Duration patience() {
        return choices.patience;
    }

    Progress progress() {
        return choices.progress;
    }

    boolean stopsAtExit() {
        return choices.stopAtExit;
    }
}
