package dev.tdb.it;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** The packaged program as a process of its own, {@code tdb serve}, with one event loop and a project. */
final class ServedProgram implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Pattern KEY = Pattern.compile("shown this once: (\\S+)");
    private static final Pattern API = Pattern.compile("tdb serves; the API is at (\\S+)");
    private static final String CONFIG = """
        proxy:
          event_loops: 1
        api:
          address: 127.0.0.1:0
        listeners:
          postgres:
            address: 127.0.0.1:0
            plaintext: loopback
        """;

    private final Process process;
    private final Path config;
    private final List<String> jvmFlags;
    private final Path log;
    private final OperatorApi api;

    private ServedProgram(Process process, Path config, List<String> jvmFlags, Path log, OperatorApi api) {
        this.process = process;
        this.config = config;
        this.jvmFlags = List.copyOf(jvmFlags);
        this.log = log;
        this.api = api;
    }

    static ServedProgram start(Path directory, List<String> jvmFlags) throws IOException, InterruptedException {
        return start(directory, "", jvmFlags);
    }

    /** @param control more of the configuration: where its state is kept */
    static ServedProgram start(Path directory, String control, List<String> jvmFlags)
            throws IOException, InterruptedException {
        Path config = Files.writeString(Files.createDirectories(directory).resolve("tdb.yaml"), CONFIG + control);
        return launch(config, jvmFlags, ServedProgram::project);
    }

    /** Kills it as signal 9 does, and starts it with the state it has left. */
    ServedProgram killAndStartAgain() throws IOException, InterruptedException {
        kill();
        return launch(config, jvmFlags, said -> {
            Matcher address = API.matcher(said);
            if (!address.find()) {
                throw new IOException("tdb does not serve: " + said);
            }
            return new OperatorApi(URI.create(address.group(1)), api.key(), api.project());
        });
    }

    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Finds out from what a program says how to call it. */
    private interface Hearing {
        OperatorApi hear(String said) throws IOException, InterruptedException;
    }

    private static ServedProgram launch(Path config, List<String> jvmFlags, Hearing hearing)
            throws IOException, InterruptedException {
        Path log = config.resolveSibling("tdb-" + System.nanoTime() + ".log");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmFlags);
        command.addAll(List.of(
                "-jar",
                Path.of(System.getProperty("tdb.dist"), "tdb.jar").toString(),
                "serve",
                "--config",
                config.toString()));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            await().atMost(PATIENCE)
                    .until(() -> !process.isAlive()
                            || API.matcher(Files.readString(log)).find());
            return new ServedProgram(process, config, jvmFlags, log, hearing.hear(Files.readString(log)));
        } catch (IOException | InterruptedException | RuntimeException | Error e) {
            process.destroyForcibly();
            throw e;
        }
    }

    private static OperatorApi project(String said) throws IOException, InterruptedException {
        Matcher key = KEY.matcher(said);
        Matcher address = API.matcher(said);
        if (!key.find() || !address.find()) {
            throw new IOException("tdb does not serve: " + said);
        }
        OperatorApi api = new OperatorApi(URI.create(address.group(1)), key.group(1), "");
        JsonNode project = api.call(201, "POST", "/projects", Map.of("name", "integration tests"));
        return new OperatorApi(api.base(), api.key(), project.path("project_id").asString());
    }

    OperatorApi api() {
        return api;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** All that it has printed. */
    String said() throws IOException {
        return Files.readString(log);
    }

    /** Memory that it has of the machine now, whatever for. */
    long residentBytes() throws IOException {
        return status("VmRSS");
    }

    /** The most it had since {@link #forgetPeak()}. */
    long peakBytes() throws IOException {
        return status("VmHWM");
    }

    void forgetPeak() throws IOException {
        Files.writeString(proc("clear_refs"), "5");
    }

    private long status(String name) throws IOException {
        return Files.readAllLines(proc("status")).stream()
                .filter(line -> line.startsWith(name + ":"))
                .map(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) << 10)
                .findFirst()
                .orElseThrow();
    }

    private Path proc(String file) {
        return Path.of("/proc", Long.toString(process.pid()), file);
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
    }
}
