package dev.tdb.bench.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A child process that ends with this one, however it ends: a shell waits for the end of a pipe that only we hold, and
 * then stops the program.
 */
final class Program implements AutoCloseable {
    private static final String GUARD =
            "\"$@\" </dev/null >>\"$LOG\" 2>&1 & p=$!; echo $p; cat >/dev/null; kill $p 2>/dev/null; wait $p";

    private final Process shell;
    private final long pid;
    private final Path log;

    private Program(Process shell, long pid, Path log) {
        this.shell = shell;
        this.pid = pid;
        this.log = log;
    }

    /** @param log for all that it prints */
    static Program start(List<String> command, Path log) throws IOException {
        List<String> guarded = new ArrayList<>(List.of("/bin/sh", "-c", GUARD, "sh"));
        guarded.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(guarded).redirectError(log.toFile());
        builder.environment().put("LOG", log.toString());
        Process shell = builder.start();
        String line =
                new BufferedReader(new InputStreamReader(shell.getInputStream(), StandardCharsets.US_ASCII)).readLine();
        if (line == null) {
            throw new IOException("no " + command.getFirst() + ": " + tail(log));
        }
        return new Program(shell, Long.parseLong(line.strip()), log);
    }

    long pid() {
        return pid;
    }

    boolean isAlive() {
        return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
    }

    String tail() throws IOException {
        return tail(log);
    }

    @Override
    public void close() {
        try (OutputStream end = shell.getOutputStream()) {
            end.flush();
        } catch (IOException _) {
            // Its reader has ended already.
        }
        try {
            if (!shell.waitFor(10, TimeUnit.SECONDS)) {
                ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
                shell.destroyForcibly();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** Runs a command to its end. */
    static String run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(command.getFirst() + " failed (" + process.exitValue() + "): " + text.strip());
        }
        return text;
    }

    /** Where a program is, looked for on the PATH and in the folders of system programs. */
    static Optional<Path> find(String name) {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("") + ":/usr/sbin:/usr/local/sbin:/sbin";
        return Arrays.stream(path.split(":"))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static String tail(Path log) throws IOException {
        List<String> lines = Files.exists(log) ? Files.readAllLines(log) : List.of();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
    }
}
