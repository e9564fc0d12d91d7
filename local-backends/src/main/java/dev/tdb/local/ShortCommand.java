package dev.tdb.local;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A command that is expected to end by itself soon, such as {@code initdb}. */
final class ShortCommand {
    private ShortCommand() {}

    /** @param text what it printed, standard output and error together */
    record Outcome(int exitCode, String text) {
        boolean succeeded() {
            return exitCode == 0;
        }
    }

    /** Runs {@code command} in {@code directory} and kills it when {@code patience} runs out. */
    static Outcome run(List<String> command, Path directory, Duration patience) {
        try {
            // A file and not a pipe: nobody has to read meanwhile, and a grandchild that lives on cannot keep us
            // waiting.
            Path output = Files.createTempFile("tdb-command", ".out");
            try {
                return run(command, directory, patience, output);
            } finally {
                Files.delete(output);
            }
        } catch (IOException e) {
            throw new LocalServerException("cannot run " + command.getFirst(), e);
        }
    }

    private static Outcome run(List<String> command, Path directory, Duration patience, Path output)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectInput(Redirect.from(new File("/dev/null")))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        ServerEnvironment.apply(builder, directory);
        Process process = builder.start();
        try {
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new LocalServerException(command.getFirst() + " did not end within " + patience.toSeconds()
                        + " s; it printed:\n" + Files.readString(output));
            }
            return new Outcome(process.exitValue(), Files.readString(output).strip());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LocalServerException("interrupted while running " + command.getFirst(), e);
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }
}
