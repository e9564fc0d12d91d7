package dev.tdb.local;

import dev.tdb.local.GuardedProcess.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The way from a directory, which may be empty or in disorder, to a server that accepts connections. */
final class PostgresLaunch {
    /** SIGINT is PostgreSQL's fast shutdown, SIGQUIT its immediate one. */
    static final List<Step> STOP_PLAN = List.of(
            new Step("INT", Duration.ofSeconds(10)),
            new Step("QUIT", Duration.ofSeconds(5)),
            new Step("KILL", Duration.ofSeconds(5)));

    private static final String PORT_TAKEN = "could not bind";

    private final PostgresSpec spec;
    private final PostgresDirectory directory;
    private final RunAs runAs;

    private PostgresLaunch(PostgresSpec spec, PostgresDirectory directory, RunAs runAs) {
        this.spec = spec;
        this.directory = directory;
        this.runAs = runAs;
    }

    /** @param port 0 for any */
    static RunningServer launch(PostgresSpec spec, PostgresDirectory directory, int port) {
        DirectoryLock lock = DirectoryLock.take(directory.root());
        try {
            RunAs runAs = RunAs.choose(directory.root(), spec.binaries().program("postgres"));
            PostgresLaunch launch = new PostgresLaunch(spec, directory, runAs);
            launch.tidy();
            if (port != 0 && !Ports.isFree(port)) {
                throw new PortTakenException(port);
            }
            launch.prepare();
            return launch.run(port, lock);
        } catch (RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private void tidy() {
        Leftovers.stop(
                directory.data(),
                "postgres",
                directory.postmaster().flatMap(file -> ProcessHandle.of(file.pid())),
                STOP_PLAN,
                spec.progress());
        directory.deletePostmasterFile();
        directory.deleteUnfinished();
    }

    private void prepare() {
        if (!directory.isInitialised()) {
            spec.origin().create(directory, spec, runAs);
        }
        directory.checkVersion(spec.binaries());
        try {
            Files.writeString(directory.settings(), settings());
            if (spec.tls() instanceof ServerTls.On tls) {
                directory.copyTls(tls, runAs);
            }
        } catch (IOException e) {
            throw new LocalServerException("cannot configure the server in " + directory.data(), e);
        }
        runAs.own(directory.settings());
        runAs.own(directory.data());
    }

    private RunningServer run(int wantedPort, DirectoryLock lock) {
        ServerStart start = new ServerStart(
                "PostgreSQL " + spec.binaries().version(),
                directory,
                spec.patience(),
                spec.progress(),
                STOP_PLAN,
                PORT_TAKEN,
                this::command,
                (process, _) -> saysReady(process));
        return start.run(wantedPort, lock);
    }

    private boolean saysReady(GuardedProcess process) {
        String wanted = "off".equals(spec.settings().get("hot_standby")) ? "standby" : "ready";
        return directory
                .postmaster()
                .filter(file -> file.pid() == process.pid())
                .filter(file -> file.status().equals("ready") || file.status().equals(wanted))
                .isPresent();
    }

    private List<String> command(int port) {
        List<String> command = new ArrayList<>(runAs.prefix());
        command.addAll(List.of(
                spec.binaries().program("postgres").toString(),
                "-D",
                directory.data().toString(),
                "-p",
                Integer.toString(port),
                "-c",
                "listen_addresses=" + Ports.HOST,
                "-c",
                "unix_socket_directories="));
        return command;
    }

    private String settings() {
        StringBuilder text = new StringBuilder("# Written at every start, from what the server was specified to be.\n");
        // The slot of a standby that never comes back must not fill the disk.
        append(text, "max_slot_wal_keep_size", "1GB");
        if (spec.tls() instanceof ServerTls.On) {
            append(text, "ssl", "on");
            append(text, "ssl_cert_file", directory.certificate().getFileName().toString());
            append(text, "ssl_key_file", directory.key().getFileName().toString());
        }
        for (Map.Entry<String, String> setting : spec.settings().entrySet()) {
            append(text, setting.getKey(), setting.getValue());
        }
        return text.toString();
    }

    private static void append(StringBuilder text, String name, String value) {
        text.append(name)
                .append(" = '")
                .append(value.replace("\\", "\\\\").replace("'", "''"))
                .append("'\n");
    }
}
