package dev.tdb.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tdb.local.PostgresServer;
import dev.tdb.proxy.frontend.SessionInfo;
import dev.tdb.proxy.hold.Hold;
import dev.tdb.proxy.hold.HoldTerms;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/** A listener's server process is late: what the last unit before a drain notifies reaches it before the drain is over. */
final class LateNotificationIT {
    private static final String DATABASE = DataPath.BLUEPRINT + "__late";

    @TempDir
    private Path directory;

    private PostgresServer server;
    private DataPath proxy;

    @BeforeEach
    void start() throws SQLException, IOException {
        server = TestServers.postgres(directory.resolve("server")).start();
        proxy = DataPath.start();
        proxy.lead(DATABASE, Place.create(server, server.host(), DATABASE, DataPath.LOGIN))
                .join();
    }

    @AfterEach
    void stop() {
        proxy.close();
        server.close();
    }

    @Test
    void whatTheLastUnitNotifiedIsHeardThoughTheServerIsGoneWhenTheDrainIsOver() throws Exception {
        Endpoint endpoint = Endpoint.of(proxy, DATABASE);
        try (Connection listener = endpoint.connect();
                Connection notifier = endpoint.connect()) {
            execute(listener, "LISTEN news");
            long process = process(listener);
            notifier.setAutoCommit(false);
            execute(notifier, "NOTIFY news, 'the last'");
            HoldTerms terms = new HoldTerms(HoldTerms.Cause.CUTOVER, Duration.ofSeconds(30));
            Hold hold = proxy.node().hold(DataPath.key(DATABASE), terms);
            CompletableFuture<Void> drained = hold.drained();
            awaitStates("held", "active");
            signal("STOP", process);
            try {
                notifier.commit();
                awaitStates("hearing out", "held");
                assertThat(drained).isNotDone();
            } finally {
                signal("CONT", process);
            }
            drained.join();

            server.kill();

            PGNotification[] heard = listener.unwrap(PGConnection.class).getNotifications(5_000);
            assertThat(heard).extracting(PGNotification::getParameter).containsExactly("the last");
        }
    }

    /** Of the listener and the notifier. */
    private void awaitStates(String... states) {
        await().untilAsserted(() -> assertThat(proxy.node().sessions().join())
                .extracting(SessionInfo::state)
                .containsExactlyInAnyOrder(states));
    }

    private static void signal(String name, long process) throws IOException, InterruptedException {
        int exit = new ProcessBuilder("kill", "-" + name, Long.toString(process))
                .inheritIO()
                .start()
                .waitFor();
        assertThat(exit).isZero();
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static long process(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_backend_pid()")) {
            row.next();
            return row.getLong(1);
        }
    }
}
