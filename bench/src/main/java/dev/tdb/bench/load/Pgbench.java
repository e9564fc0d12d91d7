package dev.tdb.bench.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.HdrHistogram.Histogram;

/** {@code pgbench -S}: latencies from the log that it writes of every fifth transaction. */
final class Pgbench implements QueryLoad.Driver {
    private static final Pattern PROCESSED = Pattern.compile("transactions actually processed: (\\d+)");
    private static final Pattern FAILED = Pattern.compile("failed transactions: (\\d+)");
    private static final Pattern RATE = Pattern.compile("tps = ([0-9.]+)");
    private static final long LATENCY_MICROS_MAX = 60_000_000;

    private final Path pgbench;
    private final Path folder;

    Pgbench(Path pgbench, Path folder) {
        this.pgbench = pgbench;
        this.folder = folder;
    }

    @Override
    public Outcome run(Way way, QueryLoad load, int seconds) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(load.placement().prefix());
        command.addAll(List.of(
                pgbench.toString(),
                "-n",
                "-S",
                "-M",
                load.mode().word(),
                "-c",
                Integer.toString(load.clients()),
                "-j",
                Integer.toString(Math.min(2, load.clients())),
                "-T",
                Integer.toString(seconds),
                "-l",
                "--log-prefix=" + folder.resolve("tx"),
                "-h",
                way.endpoint().host(),
                "-p",
                Integer.toString(way.endpoint().port()),
                "-U",
                way.endpoint().user()));
        if (load.isReconnecting()) {
            command.add("-C");
        } else {
            command.add("--sampling-rate=0.2");
        }
        command.add(way.endpoint().database());
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("PGPASSWORD", way.endpoint().password().reveal());
        builder.environment().put("PGSSLMODE", "disable");
        builder.environment().put("PGGSSENCMODE", "disable");
        Process process = builder.start();
        process.getOutputStream().close();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        Histogram latencies = takeLatencies();
        if (process.waitFor() != 0 || number(FAILED, text, 0) > 0) {
            throw new IOException("pgbench on the way " + way.name() + ": " + text.strip());
        }
        return new Outcome(
                number(PROCESSED, text, Double.NaN),
                number(RATE, text, Double.NaN),
                latencies.getValueAtPercentile(50),
                latencies.getValueAtPercentile(99));
    }

    private Histogram takeLatencies() throws IOException {
        Histogram latencies = new Histogram(LATENCY_MICROS_MAX, 3);
        try (DirectoryStream<Path> logs = Files.newDirectoryStream(folder, "tx.*")) {
            for (Path log : logs) {
                try (BufferedReader lines = Files.newBufferedReader(log)) {
                    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                        // client_id transaction_no time …
                        String[] fields = line.split(" ", 4);
                        latencies.recordValue(Math.min(LATENCY_MICROS_MAX, Long.parseLong(fields[2])));
                    }
                }
                Files.delete(log);
            }
        }
        return latencies;
    }

    private static double number(Pattern pattern, String text, double otherwise) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find() ? Double.parseDouble(matcher.group(1)) : otherwise;
    }
}
