package dev.tdb.bench.load;

import dev.tdb.bench.wire.Mode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What {@code load} can be told. */
final class LoadOptions {
    /** As the program has them. */
    private static final List<String> JVM_FLAGS = List.of(
            "--enable-native-access=ALL-UNNAMED",
            "-XX:+UseCompactObjectHeaders",
            "-Dio.netty.leakDetection.level=disabled");

    @Option(
            names = "--engine",
            paramLabel = "PRODUCT",
            description = "Of: ${COMPLETION-CANDIDATES} (default: postgres). MariaDB 11.4, MySQL 8.0.")
    Product product = Product.POSTGRES;

    @Option(names = "--quick", description = "A smoke of less than 90 s; its figures mean nothing.")
    boolean quick;

    @Option(
            names = "--experiments",
            split = ",",
            paramLabel = "NAME",
            description = "Of: ${COMPLETION-CANDIDATES} (default: all).")
    List<Experiment> experiments = new ArrayList<>(List.of(Experiment.values()));

    @Option(
            names = "--ways",
            split = ",",
            paramLabel = "WAY",
            description = "direct, pgbouncer or mysqlrouter, haproxy, tdb:epoll|io_uring|nio[:nocapture] (the whole"
                    + " program), path:epoll|io_uring|nio[:nocapture][@VARIANT] (the data path alone),"
                    + " floor:epoll|io_uring|nio (Netty that looks at nothing). Default: direct,pgbouncer or"
                    + " mysqlrouter,haproxy,tdb:epoll,tdb:io_uring,path:epoll,path:io_uring.")
    List<String> ways = List.of();

    @Option(names = "--modes", split = ",", paramLabel = "MODE", description = "Of: ${COMPLETION-CANDIDATES}.")
    List<Mode> modes = new ArrayList<>(List.of(Mode.values()));

    @Option(names = "--clients", split = ",", paramLabel = "N", description = "Default: 1,8,16,32.")
    List<Integer> clients = new ArrayList<>(List.of(1, 8, 16, 32));

    @Option(
            names = "--placement",
            split = ",",
            paramLabel = "WHERE",
            description = "pinned (all on one CPU), free, or both (default).")
    List<Placement> placement = new ArrayList<>(List.of(Placement.values()));

    @Option(names = "--rounds", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}.")
    int rounds = 3;

    @Option(names = "--seconds", paramLabel = "N", description = "Of each load and round (default: ${DEFAULT-VALUE}).")
    int seconds = 3;

    @Option(names = "--warm-up", paramLabel = "SECONDS", description = "Of each JVM (default: ${DEFAULT-VALUE}).")
    int warmUp = 18;

    @Option(names = "--scale", paramLabel = "N", description = "Of pgbench's tables (default: ${DEFAULT-VALUE}).")
    int scale = 10;

    @Option(
            names = "--scram-iterations",
            paramLabel = "N",
            description = "On every way alike (default: ${DEFAULT-VALUE}).")
    int iterations = 4096;

    @Option(names = "--routes", paramLabel = "N", description = "Other tenants in tdb's table (default: 0).")
    int routes;

    @Option(names = "--sessions", paramLabel = "N", description = "That are idle (default: ${DEFAULT-VALUE}).")
    int sessions = 1000;

    @Option(names = "--flips", paramLabel = "N", description = "Of a route (default: ${DEFAULT-VALUE}).")
    int flips = 20;

    @Option(names = "--jvm", paramLabel = "FLAG", description = "For our JVMs; may be given often.")
    List<String> jvm = new ArrayList<>();

    @Option(
            names = "--build",
            paramLabel = "VARIANT=CLASSPATH",
            description = "Another build of this module, for path:…@VARIANT: two versions in one run.")
    Map<String, String> builds = new LinkedHashMap<>();

    @Option(
            names = "--flags",
            paramLabel = "VARIANT=FLAGS",
            description = "More JVM flags, for path:…@VARIANT: two settings in one run.")
    Map<String, String> flags = new LinkedHashMap<>();

    @Option(names = "--out", paramLabel = "FILE", description = "Appended to (default: load-TIME.md in bench/target).")
    @Nullable
    Path out;

    void beQuick() {
        modes = List.of(Mode.SIMPLE, Mode.PREPARED);
        clients = List.of(8);
        ways = product.fewWays();
        placement = List.of(Placement.FREE);
        rounds = 1;
        seconds = 1;
        warmUp = 3;
        scale = 1;
        sessions = 50;
        flips = 3;
    }

    List<String> ways() {
        return ways.isEmpty() ? product.ways() : ways;
    }

    List<Placement> placements() {
        return Placement.isPossible() ? placement : List.of(Placement.FREE);
    }

    Ways.Terms terms() {
        Path jar = target().resolve("../../proxy-app/target/tdb.jar").normalize();
        return new Ways.Terms(iterations, routes, jvmFlags(), builds, flags, jar, scale);
    }

    private List<String> jvmFlags() {
        List<String> all = new ArrayList<>(JVM_FLAGS);
        all.addAll(jvm);
        return all;
    }

    /** Where servers' programs are unpacked once. */
    Path cache() {
        return target().resolve("programs");
    }

    Path file() {
        return out == null ? target().resolve("load-" + System.currentTimeMillis() / 1000 + ".md") : out;
    }

    private static Path target() {
        return Path.of(System.getProperty("bench.target", "target"));
    }

    String describe() {
        return rounds + " rounds of " + seconds + " s, warm-up " + warmUp + " s a JVM, scale " + scale + ", SCRAM with "
                + iterations + " iterations, " + routes + " other routes; JVM "
                + String.join(" ", jvmFlags())
                + (flags.isEmpty() ? "" : "; " + flags)
                + (Placement.isPossible() ? "" : "; no taskset here, so nothing is pinned");
    }
}
