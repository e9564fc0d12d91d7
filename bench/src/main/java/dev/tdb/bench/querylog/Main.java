package dev.tdb.bench.querylog;

import dev.tdb.control.querylog.LogFilter;
import dev.tdb.control.querylog.QueryLog;
import dev.tdb.control.querylog.QueryLogSettings;
import dev.tdb.control.querylog.QueryLogWriter;
import dev.tdb.proxy.observe.QueryEvent;
import dev.tdb.proxy.observe.QueryEvents;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bench/run querylog}: fills a query log through the ring and the writer of a proxy, and asks it. */
@Command(
        name = "querylog",
        mixinStandardHelpOptions = true,
        usageHelpAutoWidth = true,
        description = "Fills a query log, some 12 GB unless told otherwise, and measures what the API asks of it.")
public final class Main implements Callable<Integer> {
    private static final int WAITING_MAX = 1 << 16;
    private static final long FULL_NANOS = 200_000;
    private static final int TURNS = 5;

    @Option(names = "--entries", paramLabel = "N", description = "Of all tenants (default: ${DEFAULT-VALUE}).")
    private long entries = 50_000_000;

    @Option(names = "--tenants", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}.")
    private int tenants = 1_000;

    @Option(names = "--largest", paramLabel = "N", description = "Entries of one of them (default: ${DEFAULT-VALUE}).")
    private long largest = 1_000_000;

    @Option(names = "--days", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}.")
    private int days = 7;

    @Option(
            names = "--fill",
            paramLabel = "N",
            description = "Days to fill in this run at most; a later run with the same --directory goes on.")
    private int fillMax = Integer.MAX_VALUE;

    @Option(
            names = "--directory",
            paramLabel = "DIR",
            description = "Where the log is, and stays (default: a new one that is removed).")
    private @Nullable Path kept;

    private Main() {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Main()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path directory = kept == null ? Files.createTempDirectory("tdb-querylog") : Files.createDirectories(kept);
        try {
            LogTraffic traffic = new LogTraffic(entries, tenants, largest, days, LocalDate.parse("2026-03-07"));
            QueryLogSettings settings =
                    new QueryLogSettings(directory, days, Long.MAX_VALUE / 2, Duration.ofMillis(500), false);
            if (fill(traffic, settings)) {
                ask(traffic, settings);
            }
        } finally {
            if (kept == null) {
                remove(directory);
            }
        }
        return 0;
    }

    /** @return whether all days are there */
    private boolean fill(LogTraffic traffic, QueryLogSettings settings) throws IOException {
        int filled = 0;
        for (LocalDate day : traffic.allDays()) {
            Path done = settings.directory().resolve(day + ".done");
            if (Files.exists(done)) {
                continue;
            }
            if (filled++ == fillMax) {
                return false;
            }
            long began = System.nanoTime();
            long writerNanos = fillDay(traffic, settings, day);
            double seconds = (System.nanoTime() - began) / 1e9;
            Files.writeString(done, "");
            System.out.printf(
                    Locale.ROOT,
                    "%s: %,d entries in %.0f s, %,.0f a second; the writer's CPU %.2f µs for each%n",
                    day,
                    traffic.perDay(),
                    seconds,
                    traffic.perDay() / seconds,
                    writerNanos / 1e3 / traffic.perDay());
        }
        return true;
    }

    /** @return the CPU time that its writer took */
    private static long fillDay(LogTraffic traffic, QueryLogSettings settings, LocalDate day) throws IOException {
        try (Stream<Path> files = Files.list(settings.directory())) {
            for (Path file : files.filter(
                            file -> String.valueOf(file.getFileName()).startsWith(day + "."))
                    .toList()) {
                Files.delete(file); // of a run that was ended
            }
        }
        QueryEvents events = new QueryEvents(WAITING_MAX);
        Instant noon = day.atTime(LocalTime.NOON).toInstant(ZoneOffset.UTC);
        LogTraffic.Day made = traffic.new Day(day);
        try (QueryLogWriter writer = new QueryLogWriter(events, settings, Map.of(), () -> noon)) {
            writer.start();
            for (long i = 0; i < traffic.perDay(); i++) {
                while (events.waiting() >= WAITING_MAX) {
                    LockSupport.parkNanos(FULL_NANOS);
                }
                events.offer(made.next());
            }
            while (events.waiting() > 0) {
                LockSupport.parkNanos(FULL_NANOS);
            }
            if (events.dropped() > 0) {
                throw new IOException(events.dropped() + " events were dropped");
            }
            return writerNanos();
        }
    }

    private static long writerNanos() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("query-log"))
                .mapToLong(thread -> threads.getThreadCpuTime(thread.threadId()))
                .sum();
    }

    /** One question of the API. */
    private interface Question {
        /** @return how much was found */
        long ask(QueryLog log, String tenant);
    }

    private void ask(LogTraffic traffic, QueryLogSettings settings) throws IOException, InterruptedException {
        Instant now = traffic.lastDay()
                .plusDays(1)
                .atStartOfDay()
                .toInstant(ZoneOffset.UTC)
                .minusMillis(1);
        QueryEvents events = QueryEvents.off();
        QueryLog log =
                new QueryLog(settings, events, new QueryLogWriter(events, settings, Map.of(), () -> now), () -> now);
        long bytes = 0;
        List<Path> files;
        try (Stream<Path> all = Files.list(settings.directory())) {
            files = all.filter(file -> file.toString().endsWith(".db")).toList();
        }
        for (Path file : files) {
            bytes += Files.size(file);
        }
        System.out.printf(
                Locale.ROOT,
                "%n%d files, %.2f GB, %.0f bytes an entry%n%n| question | tenant | found | cold, ms | median, ms |"
                        + " longest, ms |%n|---|---|--:|--:|--:|--:|%n",
                files.size(),
                bytes / 1e9,
                (double) bytes / entries);
        for (Map.Entry<String, Question> question : questions(now).entrySet()) {
            for (String tenant : List.of(LogTraffic.tenant(0), LogTraffic.tenant(1))) {
                measure(question.getKey(), question.getValue(), log, tenant, files);
            }
        }
    }

    private static Map<String, Question> questions(Instant now) {
        Map<String, Question> all = new LinkedHashMap<>();
        all.put("logs", logs(50, 0, null, "", null, null));
        all.put("logs, limit 1000", logs(1000, 0, null, "", null, null));
        all.put("logs, offset 40,000", logs(50, 40_000, null, "", null, null));
        all.put("logs, offset 900,000", logs(50, 900_000, null, "", null, null));
        all.put("logs of an hour", logs(50, 0, null, "", null, now.minus(Duration.ofHours(1))));
        all.put("errors, offset 200", logs(50, 200, LogFilter.Type.ERROR, "", null, null));
        all.put("slow ones", logs(50, 0, LogFilter.Type.SLOW, "", null, null));
        all.put("source api, offset 400", logs(50, 400, null, "", QueryEvent.Source.API, null));
        all.put("source proxy, offset 900,000", logs(50, 900_000, null, "", QueryEvent.Source.PROXY, null));
        all.put("search, found at once", logs(50, 0, null, "from CUSTOMERS", null, null));
        all.put("search, found on the first day", logs(50, 0, null, LogTraffic.RARE, null, null));
        all.put("search, not found", logs(50, 0, null, "no such text", null, null));
        all.put("search, not found, Cyrillic", logs(50, 0, null, "нет такого", null, null));
        all.put("search, not found, of a day", logs(50, 0, null, "no such", null, now.minus(Duration.ofDays(1))));
        all.put(
                "stats",
                (log, tenant) -> log.stats(LogTraffic.PROJECT, tenant, null).total());
        all.put(
                "stats of 3.14 days",
                (log, tenant) -> log.stats(LogTraffic.PROJECT, tenant, now.minusSeconds(271_296))
                        .total());
        all.put(
                "metrics",
                (log, tenant) -> log.metrics(LogTraffic.PROJECT, tenant).week().total());
        return all;
    }

    private static Question logs(
            int limit,
            int offset,
            LogFilter.@Nullable Type type,
            String search,
            QueryEvent.@Nullable Source source,
            @Nullable Instant since) {
        LogFilter filter = new LogFilter(limit, offset, type, search, source, since, null);
        return (log, tenant) ->
                log.search(LogTraffic.PROJECT, tenant, filter).entries().size();
    }

    private static void measure(String name, Question question, QueryLog log, String tenant, List<Path> files)
            throws IOException, InterruptedException {
        forget(files);
        double cold = millis(question, log, tenant);
        double[] warm = new double[TURNS];
        for (int i = 0; i < TURNS; i++) {
            warm[i] = millis(question, log, tenant);
        }
        Arrays.sort(warm);
        System.out.printf(
                Locale.ROOT,
                "| %s | %s | %,d | %.1f | %.1f | %.1f |%n",
                name,
                tenant,
                question.ask(log, tenant),
                cold,
                warm[TURNS / 2],
                warm[TURNS - 1]);
    }

    private static double millis(Question question, QueryLog log, String tenant) {
        long began = System.nanoTime();
        question.ask(log, tenant);
        return (System.nanoTime() - began) / 1e6;
    }

    /** Takes the files out of the system's cache. */
    private static void forget(List<Path> files) throws IOException, InterruptedException {
        for (Path file : files) {
            List<String> command = new ArrayList<>(List.of("dd", "if=" + file, "iflag=nocache", "count=0"));
            new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        }
    }

    private static void remove(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }
}
