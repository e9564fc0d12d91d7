package dev.tdb.local;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Servers that still run on a directory although the JVM that started them has ended. Whoever asks holds the
 * {@link DirectoryLock}, so nobody needs them any more.
 */
final class Leftovers {
    private static final Duration KILL_PATIENCE = Duration.ofSeconds(5);

    private Leftovers() {}

    /**
     * Stops them, and returns when none is left.
     *
     * @param data the folder that the server works in and that its command line names
     * @param program what its process is called
     * @param recorded the process that the data says is its server; it may long be another one with the same number
     */
    static void stop(
            Path data,
            String program,
            Optional<ProcessHandle> recorded,
            List<GuardedProcess.Step> plan,
            Progress progress) {
        recorded.filter(process -> serves(process, data, program)).ifPresent(server -> {
            progress.step("stopping the server left over in " + data + " (pid " + server.pid() + ")");
            Processes.stop(server, plan);
        });
        kill(data, program);
    }

    /** Kills every process of {@code program} that works in {@code folder}. */
    static void kill(Path folder, String program) {
        Processes.kill(Processes.workingIn(folder, program), KILL_PATIENCE);
    }

    private static boolean serves(ProcessHandle process, Path data, String program) {
        String commandLine = Processes.commandLine(process) + " ";
        return commandLine.contains(program) && commandLine.contains(" " + data + " ");
    }
}
