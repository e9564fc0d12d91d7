package dev.tdb.bench.load;

import dev.tdb.bench.datapath.Settings;
import dev.tdb.bench.wire.Endpoint;
import dev.tdb.proxy.credential.Secret;
import dev.tdb.proxy.route.ServerAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Starts and stops the relays. */
final class Ways implements AutoCloseable {
    private final BenchServer server;
    private final Path folder;
    private final Terms terms;
    private final List<Way> ways = new ArrayList<>();
    private final List<Relay> relays = new ArrayList<>();

    /**
     * How relays of ours are run.
     *
     * @param routes how many tenants the route table has besides the one in use
     * @param jvmFlags of their JVMs
     * @param builds class paths of other builds, by the variant's name
     * @param flags more JVM flags, by the variant's name
     * @param jar of the whole program
     * @param scale of pgbench's tables
     */
    record Terms(
            int iterations,
            int routes,
            List<String> jvmFlags,
            Map<String, String> builds,
            Map<String, String> flags,
            Path jar,
            int scale) {}

    Ways(BenchServer server, Path folder, Terms terms) {
        this.server = server;
        this.folder = folder;
        this.terms = terms;
    }

    /**
     * Starts what is to be had.
     *
     * @return why not, for a way that is not
     */
    Optional<String> add(WayName name) throws IOException, InterruptedException, SQLException {
        switch (name) {
            case WayName.Direct _ -> ways.add(new Way(Way.DIRECT, server.endpoint(), OptionalLong.empty()));
            case WayName.Bouncer bouncer -> {
                return switch (server) {
                    case PostgresBench postgres ->
                        other(
                                bouncer,
                                binary -> PgBouncer.start(binary, postgres.endpoint(), postgres.verifier(), folder));
                    case MySqlBench _ -> Optional.of("pgbouncer is for PostgreSQL: it is left out");
                };
            }
            case WayName.Router router -> {
                return switch (server) {
                    case PostgresBench _ -> Optional.of("mysqlrouter is for MySQL: it is left out");
                    case MySqlBench mySql ->
                        other(router, binary -> MySqlRouter.start(binary, mySql.endpoint(), folder));
                };
            }
            case WayName.Balancer balancer -> {
                return other(balancer, binary -> HaProxy.start(binary, server.endpoint(), folder));
            }
            case WayName.Path path -> {
                if (!path.transport().isAvailable()) {
                    return notHere(path.text());
                }
                started(dataPath(path));
            }
            case WayName.Floor floor -> {
                if (!floor.transport().isAvailable()) {
                    return notHere(floor.text());
                }
                started(Floor.start(floor, server.endpoint(), terms.jvmFlags(), folder));
            }
            case WayName.Tdb tdb -> {
                if (!tdb.transport().isAvailable()) {
                    return notHere(tdb.text());
                }
                if (!Files.isReadable(terms.jar())) {
                    return Optional.of(terms.jar() + " is not built (./tdb build): " + tdb.text() + " is left out");
                }
                started(TdbProgram.start(tdb, server, terms, folder));
            }
        }
        return Optional.empty();
    }

    /** A program of others, whose way has its name. */
    private interface Starter {
        Relay start(Path binary) throws IOException, InterruptedException;
    }

    private Optional<String> other(WayName name, Starter starter) throws IOException, InterruptedException {
        Optional<Path> binary = Program.find(name.text());
        if (binary.isEmpty()) {
            return Optional.of(name.text() + " is not installed: it is left out");
        }
        started(starter.start(binary.get()));
        return Optional.empty();
    }

    private static Optional<String> notHere(String name) {
        return Optional.of(name + " is not to be had on this machine: it is left out");
    }

    private DataPath dataPath(WayName.Path path) throws IOException {
        Endpoint at = server.endpoint();
        Settings settings = new Settings(
                at.engine(),
                path.transport(),
                1,
                path.isCapturing(),
                terms.routes(),
                new ServerAddress(at.host(), at.port()),
                at.database(),
                at.user(),
                at.password(),
                Secret.of("client-" + at.password().reveal()),
                terms.iterations());
        String variant = path.variant();
        if (!variant.isEmpty()
                && !terms.builds().containsKey(variant)
                && !terms.flags().containsKey(variant)) {
            throw new IllegalArgumentException("no variant is named " + variant + ": say --build " + variant
                    + "=CLASSPATH or --flags '" + variant + "=FLAGS'");
        }
        List<String> flags = new ArrayList<>(terms.jvmFlags());
        Optional.ofNullable(terms.flags().get(variant)).ifPresent(more -> flags.addAll(List.of(more.split(" +", -1))));
        String classPath = terms.builds().getOrDefault(variant, System.getProperty("java.class.path"));
        return DataPath.start(path.text(), classPath, flags, settings, folder);
    }

    private void started(Relay relay) {
        relays.add(relay);
        ways.add(relay.way());
    }

    List<Way> all() {
        return List.copyOf(ways);
    }

    /** Those that get faster with time. */
    List<Way> jvms() {
        return relays.stream()
                .filter(relay -> relay instanceof Flippable || relay instanceof Floor)
                .map(Relay::way)
                .toList();
    }

    List<Flippable> flippable() {
        return relays.stream()
                .filter(Flippable.class::isInstance)
                .map(Flippable.class::cast)
                .toList();
    }

    void move(Placement placement) throws IOException, InterruptedException {
        List<Long> pids = new ArrayList<>(List.of(server.pid()));
        ways.stream().flatMap(way -> way.relayPid().stream().boxed()).forEach(pids::add);
        placement.move(pids);
    }

    @Override
    public void close() {
        relays.reversed().forEach(Relay::close);
    }
}
