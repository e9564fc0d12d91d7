package dev.tdb.local;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * A server process that does not outlive this JVM, even when the JVM is killed.
 *
 * <pre>
 *   JVM ──pipe──► sh ──exec──► setpriv ──exec──► the server      one pid all the way
 *           │      └─forks─► watcher, who reads the pipe
 *           └────────────────► and at its end stops that pid
 * </pre>
 *
 * <p>Only this JVM holds the writing end of the pipe, and nothing is ever written. So the pipe ends when the JVM does,
 * however that comes about, and also when the server does, because the JVM then closes it. The watcher exists before
 * the server: there is no moment at which a server runs unwatched. It is an orphan by birth, because a server may not
 * like a child that it has not made. All are in a session of their own where the machine has {@code setsid}, so that a
 * Ctrl-C in the terminal reaches the JVM only, which decides when its servers end.
 */
final class GuardedProcess {
    private static final String SCRIPT = """
        plan=$1
        shift
        exec 3<&0
        (
            (
                trap '' HUP INT QUIT TERM
                read -r _ <&3
                for step in $plan; do
                    kill -"${step%:*}" $$ || exit 0
                    tenths=$((${step#*:} * 10))
                    while [ $tenths -gt 0 ]; do
                        sleep 0.1
                        kill -0 $$ || exit 0
                        tenths=$((tenths - 1))
                    done
                done
            ) >/dev/null 2>&1 &
        )
        exec 3<&- "$@" </dev/null
        """;

    private static final Duration REAPING_PATIENCE = Duration.ofSeconds(5);

    /** One signal, and how long to wait for its effect before the next one. */
    record Step(String signal, Duration patience) {}

    private final Process process;
    private final List<Step> plan;

    private GuardedProcess(Process process, List<Step> plan) {
        this.process = process;
        this.plan = plan;
    }

    /**
     * @param command is run in {@code directory}; what it prints is appended to {@code log}
     * @param plan how the server is stopped when this JVM is gone, from the kindest signal to {@code KILL}
     */
    static GuardedProcess start(List<String> command, Path directory, ServerLog log, List<Step> plan) {
        List<String> guarded = new ArrayList<>();
        if (Executables.onPath("setsid").isPresent()) {
            guarded.add("setsid");
        }
        String steps = plan.stream()
                .map(step -> step.signal() + ":" + step.patience().toSeconds())
                .collect(Collectors.joining(" "));
        guarded.addAll(List.of("sh", "-c", SCRIPT, "guard", steps));
        guarded.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(guarded)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(Redirect.appendTo(log.file().toFile()));
        ServerEnvironment.apply(builder, directory);
        try {
            return new GuardedProcess(builder.start(), List.copyOf(plan));
        } catch (IOException e) {
            throw new LocalServerException("cannot start " + command.getFirst(), e);
        }
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Goes through the plan, from its first step with this signal on, until the server has ended. */
    void stop(String firstSignal) {
        List<Step> steps = plan.stream()
                .dropWhile(step -> !step.signal().equals(firstSignal))
                .toList();
        uninterrupted(() -> Processes.stop(process.toHandle(), steps));
    }

    /** Kills the server and all its children with signal 9, as a crash would, and waits until all are gone. */
    void kill(Duration patience) {
        List<ProcessHandle> family =
                new ArrayList<>(List.of(process.toHandle())); // first, so it makes no more children
        family.addAll(process.descendants().toList());
        uninterrupted(() -> Processes.kill(family, patience));
    }

    /** An end is brought about even by a thread that somebody has interrupted; it stays interrupted. */
    private void uninterrupted(Runnable action) {
        boolean interrupted = Thread.interrupted();
        try {
            action.run();
            process.onExit()
                    .orTimeout(REAPING_PATIENCE.toSeconds(), TimeUnit.SECONDS)
                    .join(); // so isAlive() knows it
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
