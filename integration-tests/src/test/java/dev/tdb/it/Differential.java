package dev.tdb.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tdb.local.PostgresServer;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * Does the same work at a server directly and through the proxy, each time on an empty schema, and compares what the
 * driver told its program and every message that came over the wire. What no two sessions have in common is left out in
 * one place, {@link ServerWords}. Safe for one thread.
 */
final class Differential implements AutoCloseable {
    static final String DATABASE = DataPath.BLUEPRINT + "__drivers";

    private final PostgresServer server;
    private final DataPath proxy;
    private final Flips flips;

    /** What the route does while a driver works through the proxy. */
    enum Ground {
        STILL,
        /** It is flipped between two addresses of the server, once for every step of the work. */
        MOVING
    }

    /** Some work with a driver, which writes down what it is told. */
    interface Work {
        void run(Endpoint endpoint, Transcript transcript) throws Exception;
    }

    private record Outcome(List<String> told, List<List<String>> heard) {}

    private Differential(PostgresServer server, DataPath proxy, Flips flips) {
        this.server = server;
        this.proxy = proxy;
        this.flips = flips;
    }

    static Differential start(Path directory) throws SQLException, IOException {
        PostgresServer server = TestServers.postgres(directory).start();
        Place place = Place.create(server, server.host(), DATABASE, DataPath.LOGIN);
        DataPath proxy = DataPath.start();
        proxy.lead(DATABASE, place).join();
        return new Differential(server, proxy, new Flips(proxy, DATABASE, List.of(place, place.by("localhost"))));
    }

    PostgresServer server() {
        return server;
    }

    DataPath proxy() {
        return proxy;
    }

    Endpoint direct() {
        return new Endpoint(
                server.host(),
                server.port(),
                DataPath.LOGIN.user(),
                DataPath.LOGIN.password().reveal(),
                DATABASE);
    }

    Endpoint proxied() {
        return Endpoint.of(proxy, DATABASE);
    }

    /** Fails at the first line that differs. */
    void compare(Ground ground, Work work) throws Exception {
        Outcome direct = run(direct(), () -> {}, work);
        Outcome proxied = on(ground, beforeStep -> run(proxied(), beforeStep, work));

        assertThat(direct.told()).as("the work said something").isNotEmpty();
        assertThat(proxied.told()).as("told by the driver").containsExactlyElementsOf(direct.told());
        assertThat(proxied.heard()).as("connections").hasSameSizeAs(direct.heard());
        for (int i = 0; i < direct.heard().size(); i++) {
            assertThat(proxied.heard().get(i))
                    .as("heard on connection " + i)
                    .containsExactlyElementsOf(direct.heard().get(i));
        }
    }

    /** As {@link #compare}, where the wire cannot be read, or has other traffic on it: by what the driver told only. */
    void compareTold(Ground ground, Work work) throws Exception {
        Outcome direct = runUntapped(direct(), () -> {}, work);
        Outcome proxied = on(ground, beforeStep -> runUntapped(proxied(), beforeStep, work));

        assertThat(direct.told()).as("the work said something").isNotEmpty();
        assertThat(proxied.told()).as("told by the driver").containsExactlyElementsOf(direct.told());
    }

    private interface Run {
        Outcome run(Runnable beforeStep) throws Exception;
    }

    private Outcome on(Ground ground, Run run) throws Exception {
        return switch (ground) {
            case STILL -> run.run(() -> {});
            case MOVING -> {
                flips.begin();
                Outcome outcome = run.run(flips::next);
                flips.end();
                yield outcome;
            }
        };
    }

    private Outcome run(Endpoint endpoint, Runnable beforeStep, Work work) throws Exception {
        clear();
        Transcript transcript = new Transcript(beforeStep);
        try (WireTap tap = new WireTap(endpoint.host(), endpoint.port())) {
            work.run(endpoint.at(tap.address()), transcript);
            return new Outcome(transcript.lines(), tap.conversations());
        }
    }

    private Outcome runUntapped(Endpoint endpoint, Runnable beforeStep, Work work) throws Exception {
        clear();
        Transcript transcript = new Transcript(beforeStep);
        work.run(endpoint, transcript);
        return new Outcome(transcript.lines(), List.of());
    }

    private void clear() throws SQLException {
        try (Connection connection = server.connect(DATABASE);
                Statement statement = connection.createStatement()) {
            statement.execute("DROP SCHEMA IF EXISTS public CASCADE");
            statement.execute("CREATE SCHEMA public AUTHORIZATION " + DataPath.LOGIN.user());
            statement.execute("SELECT lo_unlink(oid) FROM pg_largeobject_metadata");
        }
    }

    @Override
    public void close() {
        proxy.close();
        server.close();
    }
}
