package dev.tdb.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * A program in another language that works with a driver of that language. It is told by libpq's variables where to
 * connect; before each step it prints {@code > what} and waits for a line, and all else that it prints is what the
 * driver told it.
 *
 * @param environment beside the variables that say where to connect
 */
record DriverScript(List<String> command, Map<String, String> environment) {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String STEP = "> ";

    DriverScript {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
    }

    /** A file of {@code drivers/} on the class path. */
    static Path file(String name) {
        URL found = Objects.requireNonNull(DriverScript.class.getResource("/drivers/" + name), name);
        try {
            return Path.of(found.toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whether the program starts with {@code arguments} and ends well: whether this machine has what it needs. */
    boolean succeedsWith(List<String> arguments) throws InterruptedException {
        List<String> all = new ArrayList<>(command);
        all.addAll(arguments);
        ProcessBuilder builder =
                new ProcessBuilder(all).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment().putAll(environment);
        try {
            return builder.start().waitFor() == 0;
        } catch (IOException _) {
            return false;
        }
    }

    Process start(Endpoint endpoint) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
        builder.environment().putAll(environment);
        builder.environment()
                .putAll(Map.of(
                        "PGHOST", endpoint.host(),
                        "PGPORT", Integer.toString(endpoint.port()),
                        "PGUSER", endpoint.user(),
                        "PGPASSWORD", endpoint.password(),
                        "PGDATABASE", endpoint.database(),
                        "PGSSLMODE", "disable",
                        "PGGSSENCMODE", "disable",
                        "PGTZ", "UTC",
                        "LC_ALL", "C.UTF-8"));
        Process process = builder.start();
        Thread.ofVirtual().name("watch over " + command.getFirst()).start(() -> endInTime(process));
        return process;
    }

    private static void endInTime(Process process) {
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
        }
    }

    static BufferedReader output(Process process) {
        return new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** Runs the program to its end, which must be a good one. */
    void run(Endpoint endpoint, Transcript transcript) throws IOException, InterruptedException {
        Process process = start(endpoint);
        try (BufferedReader output = output(process);
                OutputStream input = process.getOutputStream()) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                if (line.startsWith(STEP)) {
                    transcript.step(line.substring(STEP.length()));
                    input.write('\n');
                    input.flush();
                } else {
                    transcript.note(line);
                }
            }
        } finally {
            process.destroy();
        }
        assertThat(process.waitFor()).as(String.join("\n", transcript.lines())).isZero();
    }
}
