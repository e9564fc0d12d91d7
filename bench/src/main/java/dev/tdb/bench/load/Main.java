package dev.tdb.bench.load;

import dev.tdb.bench.load.BulkLoad.Direction;
import dev.tdb.bench.wire.Mode;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code bench/run load}: starts a server and the relays, measures, prints, and takes everything away again. */
@Command(
        name = "load",
        mixinStandardHelpOptions = true,
        usageHelpAutoWidth = true,
        description = "Measures ways to one server side by side: straight, tdb, HAProxy, PgBouncer or MySQL Router.")
public final class Main implements Callable<Integer> {
    @Mixin
    private final LoadOptions options = new LoadOptions();

    private Main() {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Main())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(arguments));
    }

    @Override
    public Integer call() throws IOException, InterruptedException, SQLException {
        if (options.quick) {
            options.beQuick();
        }
        Path folder = Files.createTempDirectory(
                "tdb-bench", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx--x--x")));
        try (BenchServer server = BenchServer.start(
                options.product, folder.resolve("server"), options.cache(), options.scale, options.iterations)) {
            run(server, folder);
        } finally {
            delete(folder);
        }
        return 0;
    }

    private void run(BenchServer server, Path folder) throws IOException, InterruptedException, SQLException {
        Path file = options.file();
        Report report = new Report(System.out, file, options.product.peer());
        try (Ways ways = new Ways(server, folder, options.terms())) {
            for (String name : options.ways()) {
                Optional<String> missing = ways.add(WayName.parse(name));
                if (missing.isPresent()) {
                    report.line(missing.get());
                }
            }
            for (String line : Machine.describe(server)) {
                report.line(line);
            }
            report.line("- " + options.describe());
            // First of all, since the memory of a JVM that has worked is no measure.
            if (options.experiments.contains(Experiment.IDLE)) {
                idle(ways, report);
            }
            QueryLoad.Driver driver = QueryLoad.bestDriver(options.product, folder, options.scale);
            warmUp(ways, driver);
            measure(ways, queries(driver), "tx", report);
            measure(ways, bulk(server), "MB", report);
            if (options.experiments.contains(Experiment.FLIP)) {
                flip(ways, report);
            }
            report.line("");
            report.line("load average at the end: " + Machine.load());
        }
        System.err.println("written to " + file);
    }

    private void idle(Ways ways, Report report) throws IOException, InterruptedException {
        report.line("");
        report.line("| idle sessions via | sessions | RSS before, MiB | RSS after, MiB | KiB for each |");
        report.line("|---|--:|--:|--:|--:|");
        for (Way way : ways.all()) {
            if (!way.isDirect()) {
                report.line(IdleSessions.measure(way, options.sessions));
            }
        }
    }

    /** Compilers need some 16 s of load to be done. */
    private void warmUp(Ways ways, QueryLoad.Driver driver) throws IOException, InterruptedException {
        if (options.experiments.stream().noneMatch(Experiment::isWarm)) {
            return;
        }
        ways.move(Placement.FREE);
        for (Way way : ways.jvms()) {
            for (Mode mode : Mode.values()) {
                System.err.println("warming up " + way.name() + ", " + mode.word());
                int seconds = Math.max(1, Math.ceilDiv(options.warmUp, Mode.values().length));
                driver.run(way, new QueryLoad(mode, 8, false, Placement.FREE, driver), seconds);
            }
        }
    }

    private List<Load> queries(QueryLoad.Driver driver) {
        List<Load> loads = new ArrayList<>();
        for (Placement placement : options.placements()) {
            if (options.experiments.contains(Experiment.QUERIES)) {
                for (Mode mode : options.modes) {
                    for (int clients : options.clients) {
                        loads.add(new QueryLoad(mode, clients, false, placement, driver));
                    }
                }
            }
            if (options.experiments.contains(Experiment.CONNECT)) {
                loads.add(new QueryLoad(Mode.SIMPLE, 8, true, placement, driver));
            }
        }
        return loads;
    }

    private List<Load> bulk(BenchServer server) {
        List<Load> loads = new ArrayList<>();
        if (options.experiments.contains(Experiment.BULK)) {
            for (Direction direction : Direction.values()) {
                loads.add(new BulkLoad(direction, Placement.FREE, server));
            }
        }
        return loads;
    }

    private void measure(Ways ways, List<Load> loads, String unit, Report report)
            throws IOException, InterruptedException {
        if (loads.isEmpty()) {
            return;
        }
        report.heading(unit);
        for (Load load : loads) {
            ways.move(load.placement());
            System.err.println(load.name() + ", load average " + Machine.load());
            report.rows(load, ways.all(), Rounds.measure(load, ways.all(), options.rounds, options.seconds));
        }
    }

    private void flip(Ways ways, Report report) throws IOException, InterruptedException {
        ways.move(Placement.FREE);
        for (Flippable relay : ways.flippable()) {
            for (String line : new RouteFlips(relay, 32, options.flips).measure()) {
                report.line(line);
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException fault) throws IOException {
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
