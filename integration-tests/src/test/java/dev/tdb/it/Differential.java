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
 * driver told its program and every message that came over the wire.
 */
final class Differential implements AutoCloseable {
    static final String DATABASE = DataPath.BLUEPRINT + "__drivers";

    private final PostgresServer server;
    private final DataPath proxy;

    /** Some work with a driver, which writes down what it is told. */
    interface Work {
        void run(Endpoint endpoint, Transcript transcript) throws Exception;
    }

    private record Outcome(List<String> told, List<List<String>> heard) {}

    private Differential(PostgresServer server, DataPath proxy) {
        this.server = server;
        this.proxy = proxy;
    }

    static Differential start(Path directory) throws SQLException, IOException {
        PostgresServer server = TestServers.postgres(directory).start();
        Place place = Place.create(server, server.host(), DATABASE, DataPath.LOGIN);
        DataPath proxy = DataPath.start();
        proxy.lead(DATABASE, place).join();
        return new Differential(server, proxy);
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
    void compare(Work work) throws Exception {
        Outcome direct = run(direct(), work);
        Outcome proxied = run(proxied(), work);

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
    void compareTold(Work work) throws Exception {
        clear();
        Transcript direct = new Transcript();
        work.run(direct(), direct);
        clear();
        Transcript proxied = new Transcript();
        work.run(proxied(), proxied);

        assertThat(direct.lines()).as("the work said something").isNotEmpty();
        assertThat(proxied.lines()).as("told by the driver").containsExactlyElementsOf(direct.lines());
    }

    private Outcome run(Endpoint endpoint, Work work) throws Exception {
        clear();
        Transcript transcript = new Transcript();
        try (WireTap tap = new WireTap(endpoint.host(), endpoint.port())) {
            work.run(endpoint.at(tap.address()), transcript);
            return new Outcome(transcript.lines(), tap.conversations());
        }
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
