package dev.tdb.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tdb.local.PostgresServer;
import dev.tdb.testkit.contract.Reply;
import dev.tdb.testkit.wire.Bytes;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The program with less memory than the values that pass through it, and with clients that do not read. */
@EnabledOnOs(OS.LINUX)
final class BoundedMemoryIT {
    /** For a server to do what it was told with a whole value: on a slow disk a gigabyte takes a minute. */
    private static final Duration WHOLE_PATIENCE = Duration.ofMinutes(5);

    private static final LongValue VALUE = LongValue.ofAtMost(Long.getLong("tdb.values.bytes", 128 << 20));
    private static final long GROWTH_BYTES_MAX = 32 << 20;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration PROBE_AFTER = Duration.ofSeconds(60);
    private static final String TENANT = "large";
    private static final String BLUEPRINT = "it";
    private static final int SLOW_READERS = 16;
    private static final int QUICK_QUERIES = 300;
    private static final int BYTEA = 17;

    private static PostgresServer server;
    private static ServedProgram program;
    private static Endpoint endpoint;

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        server = TestServers.postgres(directory.resolve("server")).start();
        program = ServedProgram.start(
                directory.resolve("tdb"),
                List.of(
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:+UseSerialGC",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-Xmx48m",
                        "-XX:MaxDirectMemorySize=32m"));
        program.api().host("one", server);
        program.api().blueprint(BLUEPRINT, "CREATE UNLOGGED TABLE line (text text)");
        endpoint = program.api().tenant(TENANT, BLUEPRINT);
    }

    @AfterAll
    static void stop() {
        program.close();
        server.close();
    }

    @AfterEach
    void theProgramIsWell() throws IOException {
        assertThat(program.isAlive()).as(program.said()).isTrue();
        assertThat(program.said()).doesNotContain("OutOfMemory").doesNotContain("bug:");
    }

    private interface Work {
        void run() throws Exception;
    }

    private static void inBoundedMemory(String what, Work work) throws Exception {
        long before = program.residentBytes();
        program.forgetPeak();

        work.run();

        long peak = program.peakBytes();
        System.out.println(what + ": resident " + (before >> 20) + " MiB before, " + (peak >> 20) + " MiB at most");
        assertThat(peak - before).as("growth for " + what).isLessThan(GROWTH_BYTES_MAX);
    }

    // ---- long values

    @Test
    void aLongValueIsReadWhole() throws Exception {
        try (PostgresRawClient client = PostgresRawClient.login(endpoint)) {
            inBoundedMemory("a value of " + VALUE.length() + " bytes in a row", () -> {
                client.send(PostgresMessages.query("SELECT " + VALUE.sql()));
                assertDone(client.receive((type, length, body) -> {
                    if (type == 'D') {
                        DataInputStream row = new DataInputStream(body);
                        assertThat(row.readShort()).isEqualTo((short) 1);
                        assertThat(row.readInt()).isEqualTo(VALUE.length());
                        VALUE.readFrom(row);
                    } else {
                        body.skipNBytes(length);
                    }
                }));
            });
        }
    }

    @Test
    void aLongMessageIsCopiedOutWhole() throws Exception {
        try (PostgresRawClient client = PostgresRawClient.login(endpoint)) {
            inBoundedMemory("a value of " + VALUE.length() + " bytes copied out", () -> {
                client.send(PostgresMessages.query(
                        "COPY (SELECT convert_to(" + VALUE.sql() + ", 'UTF8')) TO STDOUT (FORMAT binary)"));
                assertDone(client.receive((type, length, body) -> {
                    if (type == 'd' && length > VALUE.length()) {
                        body.skipNBytes(length - VALUE.length());
                        VALUE.readFrom(body);
                    } else {
                        body.skipNBytes(length);
                    }
                }));
            });
        }
    }

    @Test
    void aLongParameterIsBoundWhole() throws Exception {
        try (PostgresRawClient client = PostgresRawClient.login(endpoint)) {
            client.waitUpTo(WHOLE_PATIENCE);
            inBoundedMemory("a parameter of " + VALUE.length() + " bytes", () -> {
                client.send(PostgresMessages.parse("", "SELECT octet_length($1) || ' ' || md5($1)", BYTEA));
                client.send(BoundedMemoryIT::bind);
                client.send(PostgresMessages.execute());
                client.send(PostgresMessages.sync());
                assertThat(answer(client)).isEqualTo(VALUE.length() + " " + VALUE.md5());
            });
        }
    }

    private static void bind(java.io.OutputStream out) throws IOException {
        DataOutputStream message = new DataOutputStream(out);
        message.writeByte('B');
        message.writeInt(4 + 1 + 1 + 2 + 2 + 2 + 4 + VALUE.length() + 2);
        message.writeByte(0); // the unnamed portal
        message.writeByte(0); // of the unnamed statement
        message.writeShort(1);
        message.writeShort(1); // in binary
        message.writeShort(1);
        message.writeInt(VALUE.length());
        VALUE.writeTo(message);
        message.writeShort(0); // results in text
    }

    @Test
    void aLongMessageIsCopiedInWhole() throws Exception {
        try (PostgresRawClient client = PostgresRawClient.login(endpoint)) {
            client.waitUpTo(WHOLE_PATIENCE);
            inBoundedMemory("a message of " + VALUE.length() + " bytes copied in", () -> {
                client.send(PostgresMessages.query("COPY line FROM STDIN"));
                client.send(out -> {
                    DataOutputStream message = new DataOutputStream(out);
                    message.writeByte('d');
                    message.writeInt(4 + VALUE.length());
                    VALUE.writeTo(message);
                });
                client.send(PostgresMessages.copyDone());
                assertDone(client.receive());
            });
            client.send(PostgresMessages.query("SELECT count(*) || ' ' || min(text) || ' ' || max(text) FROM line"));
            assertThat(answer(client)).isEqualTo(VALUE.repeats() + " " + LongValue.row() + " " + LongValue.row());
        }
    }

    private static void assertDone(Reply reply) {
        assertThat(reply).isInstanceOf(Reply.Done.class);
    }

    /** The only value of a reply. */
    private static String answer(PostgresRawClient client) throws IOException {
        StringBuilder answer = new StringBuilder();
        assertDone(client.receive((type, length, body) -> {
            byte[] bytes = body.readNBytes(length);
            if (type == 'D') {
                answer.append(new String(bytes, 6, bytes.length - 6, StandardCharsets.UTF_8));
            }
        }));
        return answer.toString();
    }

    // ---- clients that do not read

    @Test
    void clientsThatDoNotReadCostLittleAndDisturbNobodyOnTheirEventLoop() throws Exception {
        Bytes endless = PostgresMessages.query("SELECT repeat('x', 1000000), generate_series(1, 1000000)");
        List<PostgresRawClient> slow = new ArrayList<>();
        try (PostgresRawClient quick = PostgresRawClient.login(endpoint)) {
            inBoundedMemory(SLOW_READERS + " clients that do not read", () -> {
                for (int i = 0; i < SLOW_READERS; i++) {
                    PostgresRawClient client = PostgresRawClient.login(endpoint);
                    slow.add(client);
                    client.send(endless);
                }
                await().atMost(PATIENCE)
                        .untilAsserted(() ->
                                assertThat(count("wait_event = 'ClientWrite'")).isEqualTo(SLOW_READERS));
                long began = System.nanoTime();
                for (int i = 0; i < QUICK_QUERIES; i++) {
                    quick.send(PostgresMessages.query("SELECT " + i));
                    assertThat(answer(quick)).isEqualTo(Integer.toString(i));
                }
                assertThat(Duration.ofNanos(System.nanoTime() - began))
                        .as(QUICK_QUERIES + " queries of somebody else")
                        .isLessThan(Duration.ofSeconds(10));
                assertThat(count("wait_event = 'ClientWrite'")).isEqualTo(SLOW_READERS);
            });
        } finally {
            for (PostgresRawClient client : slow) {
                client.reset();
            }
        }
        await("they are gone, and so are their sessions")
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(count("state = 'active'")).isZero());
    }

    /** Of the tenant's sessions at the server. */
    private static int count(String which) throws SQLException {
        try (Connection connection = server.connect("postgres");
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM pg_stat_activity WHERE datname = '"
                        + endpoint.database() + "' AND " + which)) {
            row.next();
            return row.getInt(1);
        }
    }

    // ---- peers that are gone without a word

    @Test
    void whoSaysNothingOnEitherSideIsLookedForWithinAMinute() throws Exception {
        try (PostgresRawClient client = PostgresRawClient.login(endpoint)) {
            client.send(PostgresMessages.query("SELECT inet_client_port()"));
            int linkPort = Integer.parseInt(answer(client));

            assertProbed(endpoint.port(), client.localPort());
            assertProbed(linkPort, server.port());
        }
    }

    private static void assertProbed(int port, int peerPort) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(KernelTimers.untilProbe(port, peerPort))
                        .hasValueSatisfying(until -> assertThat(until).isBetween(Duration.ZERO, PROBE_AFTER)));
    }
}
