package dev.tdb.bench.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** What the figures depend on. */
final class Machine {
    private Machine() {}

    static List<String> describe(BenchServer server) throws IOException, InterruptedException {
        return List.of(
                "",
                "- " + Instant.now().truncatedTo(ChronoUnit.SECONDS) + ", "
                        + Runtime.getRuntime().availableProcessors() + " × " + cpu() + ", Linux "
                        + System.getProperty("os.version") + ", load average " + load(),
                "- " + server.version() + "; Java "
                        + System.getProperty("java.runtime.version") + "; pgbench " + version("pgbench", "--version")
                        + "; pgbouncer " + version("pgbouncer", "--version") + "; mysqlrouter "
                        + version("mysqlrouter", "--version") + "; haproxy " + version("haproxy", "-v"));
    }

    /** How busy the machine was in the last minute, and in those before. */
    static String load() throws IOException {
        return Files.readString(Path.of("/proc/loadavg"))
                .replaceFirst("( \\S+){2}$", "")
                .strip();
    }

    private static String cpu() throws IOException {
        return Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.replaceFirst(".*: ", ""))
                .findFirst()
                .orElse(System.getProperty("os.arch"));
    }

    private static String version(String program, String option) throws IOException, InterruptedException {
        return Program.find(program).isEmpty()
                ? "none"
                : Program.run(List.of(Program.find(program).get().toString(), option))
                        .lines()
                        .findFirst()
                        .orElse("")
                        .replaceFirst("^[^0-9]*([0-9][0-9.]*).*$", "$1");
    }
}
