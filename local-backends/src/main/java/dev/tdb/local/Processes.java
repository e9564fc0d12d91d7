package dev.tdb.local;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** Processes of this machine that need not be our children. */
final class Processes {
    private static final Path PROC = Path.of("/proc");
    private static final Duration SIGNAL_PATIENCE = Duration.ofSeconds(10);

    private Processes() {}

    /** A process that is gone meanwhile is not an error. */
    static void signal(long pid, String signal) {
        ShortCommand.run(
                List.of("sh", "-c", "kill -\"$1\" \"$2\"", "signal", signal, Long.toString(pid)),
                Path.of("/"),
                SIGNAL_PATIENCE);
    }

    /** Sends one signal after the other until the process has ended. */
    static void stop(ProcessHandle process, List<GuardedProcess.Step> steps) {
        for (GuardedProcess.Step step : steps) {
            if (!isRunning(process)) {
                return;
            }
            signal(process.pid(), step.signal());
            if (Deadline.after(step.patience()).await(() -> !isRunning(process))) {
                return;
            }
        }
        throw new LocalServerException("process " + process.pid() + " does not end, whatever the signal");
    }

    static void kill(List<ProcessHandle> processes, Duration patience) {
        processes.forEach(ProcessHandle::destroyForcibly);
        if (!Deadline.after(patience).await(() -> processes.stream().noneMatch(Processes::isRunning))) {
            throw new LocalServerException("processes do not end when killed: " + processes);
        }
    }

    /** False also for a zombie: some containers have no init process that would bury an orphan. */
    static boolean isRunning(ProcessHandle process) {
        if (!process.isAlive()) {
            return false;
        }
        try {
            String stat = Files.readString(PROC.resolve(process.pid() + "/stat"), StandardCharsets.ISO_8859_1);
            return !stat.substring(stat.lastIndexOf(')') + 1).startsWith(" Z");
        } catch (IOException _) {
            return process.isAlive(); // gone just now, or a machine without /proc
        }
    }

    /** The command line with its words separated by blanks, or nothing when it cannot be seen. */
    static String commandLine(ProcessHandle process) {
        try {
            return Files.readString(PROC.resolve(process.pid() + "/cmdline"), StandardCharsets.ISO_8859_1)
                    .replace('\0', ' ');
        } catch (IOException _) {
            return process.info().commandLine().orElse("");
        }
    }

    /** The processes of {@code program} that work in {@code directory}, as far as the machine lets us see it. */
    static List<ProcessHandle> workingIn(Path directory, String program) {
        if (!Files.isDirectory(PROC)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(PROC)) {
            return entries.filter(entry ->
                            Character.isDigit(entry.getFileName().toString().charAt(0)))
                    .filter(entry -> worksIn(entry, directory, program))
                    .flatMap(entry ->
                            ProcessHandle.of(Long.parseLong(entry.getFileName().toString())).stream())
                    .toList();
        } catch (IOException e) {
            throw new LocalServerException("cannot list the processes", e);
        }
    }

    private static boolean worksIn(Path entry, Path directory, String program) {
        try {
            return Files.readString(entry.resolve("comm")).strip().equals(program)
                    && Files.readSymbolicLink(entry.resolve("cwd")).equals(directory);
        } catch (IOException _) {
            return false; // ended meanwhile, or belongs to somebody else
        }
    }
}
