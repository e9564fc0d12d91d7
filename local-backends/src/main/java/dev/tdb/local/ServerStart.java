package dev.tdb.local;

import dev.tdb.local.GuardedProcess.Step;
import java.time.Duration;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.function.IntFunction;

/**
 * How a server is started on a prepared directory: on another free port when somebody was faster, and with an end to the
 * wait.
 *
 * @param title product and version, for people
 * @param portTaken what the server prints when it cannot have its port
 * @param command the command line for a port
 * @param saysReady whether a process that lives, with its log, accepts connections
 */
record ServerStart(
        String title,
        ServerDirectory directory,
        Duration patience,
        Progress progress,
        List<Step> stopPlan,
        String portTaken,
        IntFunction<List<String>> command,
        BiPredicate<GuardedProcess, ServerLog> saysReady) {
    static final Duration KILL_PATIENCE = Duration.ofSeconds(10);

    private static final int PORT_ATTEMPTS_MAX = 10;

    /** @param wantedPort 0 for any */
    RunningServer run(int wantedPort, DirectoryLock lock) {
        for (int attempt = 1; attempt <= PORT_ATTEMPTS_MAX; attempt++) {
            int port = wantedPort == 0 ? Ports.anyFree() : wantedPort;
            progress.step("starting " + title + " on port " + port);
            ServerLog log = ServerLog.open(directory.log());
            GuardedProcess process = GuardedProcess.start(command.apply(port), directory.data(), log, stopPlan);
            if (isReady(process, log)) {
                return new RunningServer(process, port, lock);
            }
            String tail = log.tail();
            if (!tail.contains(portTaken)) {
                throw new ServerStartException(product() + " in " + directory.root() + " ended while starting", tail);
            }
            if (wantedPort != 0) {
                throw new PortTakenException(wantedPort);
            }
        }
        throw new LocalServerException("no free port in " + PORT_ATTEMPTS_MAX + " attempts");
    }

    /** True when it accepts connections, false when it has ended. */
    private boolean isReady(GuardedProcess process, ServerLog log) {
        boolean finished = false;
        try {
            finished = Deadline.after(patience).await(() -> !process.isAlive() || saysReady.test(process, log));
        } finally {
            if (!finished) {
                process.kill(KILL_PATIENCE);
            }
        }
        if (!finished) {
            throw new ServerStartException(
                    product() + " in " + directory.root() + " was not ready within " + patience.toSeconds() + " s",
                    log.tail());
        }
        return process.isAlive();
    }

    private String product() {
        return title.substring(0, title.indexOf(' '));
    }
}
