package dev.tdb.local;

import dev.tdb.local.GuardedProcess.Step;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The way from a directory, which may be empty or in disorder, to a server that accepts connections. */
final class MySqlLaunch {
    static final List<Step> STOP_PLAN =
            List.of(new Step("TERM", Duration.ofSeconds(20)), new Step("KILL", Duration.ofSeconds(5)));

    private static final String PORT_TAKEN = "Bind on TCP/IP port";
    private static final String READY = ": ready for connections.";

    private final MySqlSpec spec;
    private final MySqlDirectory directory;
    private final RunAs runAs;

    private MySqlLaunch(MySqlSpec spec, MySqlDirectory directory, RunAs runAs) {
        this.spec = spec;
        this.directory = directory;
        this.runAs = runAs;
    }

    /** @param port 0 for any */
    static RunningServer launch(MySqlSpec spec, MySqlDirectory directory, int port) {
        DirectoryLock lock = DirectoryLock.take(directory.root());
        try {
            spec.binaries().obstacle().ifPresent(obstacle -> {
                throw new LocalServerException(obstacle);
            });
            RunAs runAs = RunAs.choose(directory.root(), spec.binaries().server());
            MySqlLaunch launch = new MySqlLaunch(spec, directory, runAs);
            launch.tidy();
            if (port != 0 && !Ports.isFree(port)) {
                throw new PortTakenException(port);
            }
            launch.prepare();
            return launch.start().run(port, lock);
        } catch (RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private void tidy() {
        String program = spec.binaries().flavour().program();
        Leftovers.stop(directory.data(), program, directory.recorded(), STOP_PLAN, spec.progress());
        directory.deleteStaleFiles();
        directory.deleteUnfinished(program, program);
    }

    private void prepare() {
        if (!directory.isInitialised()) {
            MySqlData.create(directory, spec, runAs);
        }
        directory.checkMaker(spec.binaries());
        if (spec.tls() instanceof ServerTls.On tls) {
            try {
                directory.copyTls(tls, runAs);
            } catch (IOException e) {
                throw new LocalServerException("cannot configure the server in " + directory.data(), e);
            }
        }
        runAs.own(directory.data());
    }

    private ServerStart start() {
        MySqlBinaries binaries = spec.binaries();
        return new ServerStart(
                binaries.flavour().title() + " " + binaries.version(),
                directory,
                spec.patience(),
                spec.progress(),
                STOP_PLAN,
                PORT_TAKEN,
                this::command,
                (_, log) -> log.tail().contains(READY));
    }

    private List<String> command(int port) {
        MySqlBinaries binaries = spec.binaries();
        List<String> command = new ArrayList<>(runAs.prefix());
        command.addAll(List.of(
                binaries.server().toString(),
                "--no-defaults",
                "--basedir=" + binaries.home(),
                "--datadir",
                directory.data().toString(), // a word of its own, by which a server left over is known
                "--port=" + port,
                "--bind-address=" + Ports.HOST,
                "--socket=" + MySqlDirectory.SOCKET,
                "--pid-file=" + MySqlDirectory.PID,
                "--skip-name-resolve",
                "--server-id=1",
                "--log-bin=binlog",
                "--binlog-format=ROW",
                "--max-allowed-packet=1G"));
        switch (binaries.flavour()) {
            // Whoever may create a table could have it in any folder.
            case MARIADB -> command.add("--skip-symbolic-links");
            case MYSQL -> command.add("--mysqlx=OFF");
        }
        switch (spec.tls()) {
            // Without being told, MariaDB makes a key at every start, which takes seconds.
            case ServerTls.Off _ -> command.add("--skip-ssl");
            case ServerTls.On _ ->
                command.addAll(List.of(
                        "--ssl-cert=" + directory.certificate().getFileName(),
                        "--ssl-key=" + directory.key().getFileName()));
        }
        spec.settings().forEach((name, value) -> command.add("--" + name + "=" + value));
        return command;
    }
}
