package dev.tdb.proxy.listen;

import static dev.tdb.proxy.listen.ToyRig.DB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tdb.proxy.frontend.ClientTls;
import dev.tdb.proxy.relay.Transport;
import dev.tdb.proxy.toy.NoLeaks;
import dev.tdb.proxy.toy.ToyClient;
import dev.tdb.proxy.toy.ToyNode;
import dev.tdb.proxy.toy.ToyProtocol;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A connection that the proxy ends has ended, whatever the kernel is asked for bytes with and whatever is under way. */
@ExtendWith(NoLeaks.class)
final class ConnectionEndTest {
    private ToyRig rig;
    private ClientTls tls;

    @AfterEach
    void stop() {
        rig.close();
        // It keeps its key until it is collected as garbage, or is released.
        ReferenceCountUtil.release(tls.certificate().orElseThrow().context());
    }

    private static ClientTls tls() {
        try {
            return new TlsFiles(file("first.pem"), file("first.key"), TlsFiles.Plaintext.NOBODY, false, List.of());
        } catch (IOException | URISyntaxException e) {
            throw new AssertionError("no certificate", e);
        }
    }

    private static Path file(String name) throws URISyntaxException {
        return Path.of(Objects.requireNonNull(ConnectionEndTest.class.getResource("/tls/" + name), name)
                .toURI());
    }

    private void begin(Transport transport) {
        assumeTrue(transport.isAvailable(), transport + " is not available here");
        rig = new ToyRig(ToyNode.config(transport));
        tls = tls();
    }

    private ToyClient connect(ToyProtocol protocol) {
        InetSocketAddress address = rig.node.listen(protocol, tls, 1_000, List.of());
        return ToyClient.connect(address);
    }

    private void assertNobodyIsLeft() {
        await().until(() -> rig.node.meter("proxy.listen.connections") == 0);
    }

    @ParameterizedTest
    @EnumSource
    void whoSpeaksNoTlsWhereAllIsTls(Transport transport) {
        begin(transport);
        try (ToyClient client = connect(new ToyProtocol(true))) {
            client.send("LOGIN tdb_toy password " + DB);

            client.rest();

            assertNobodyIsLeft();
        }
    }

    @ParameterizedTest
    @EnumSource
    void whoAsksForTlsAndSpeaksNone(Transport transport) {
        begin(transport);
        try (ToyClient client = connect(new ToyProtocol(false))) {
            assertThat(client.line()).isEqualTo("HELLO");
            assertThat(client.ask("TLS")).isEqualTo("TLS");
            client.send("LOGIN tdb_toy password " + DB);

            client.rest();

            assertNobodyIsLeft();
        }
    }

    @ParameterizedTest
    @EnumSource
    void whoSpeaksNonsenseInItsLogin(Transport transport) {
        begin(transport);
        try (ToyClient client = ToyClient.connect(rig.address)) {
            client.send("GET / HTTP/1.1", "", "");

            assertThat(client.rest()).isEqualTo("HELLO\n! protocol_violated\n");

            assertNobodyIsLeft();
        }
    }

    @ParameterizedTest
    @EnumSource
    void whoHasAnotherPassword(Transport transport) {
        begin(transport);
        try (ToyClient client = ToyClient.connect(rig.address)) {
            client.send("LOGIN tdb_toy wrong " + DB);

            assertThat(client.rest()).isEqualTo("HELLO\n! bad_credentials\n");

            assertNobodyIsLeft();
        }
    }

    @ParameterizedTest
    @EnumSource
    void whoSaysGoodbye(Transport transport) {
        begin(transport);
        try (ToyClient client = rig.client()) {
            client.send("ECHO 1", "QUIT");

            assertThat(client.rest()).isEqualTo("I ECHO 1\n");

            assertNobodyIsLeft();
        }
    }

    @ParameterizedTest
    @EnumSource
    void whoSaysNothing(Transport transport) {
        begin(transport);
        try (ToyClient client = rig.client()) {
            rig.node.node().endSession(client.number(), "an operator");

            assertThat(client.rest()).isEqualTo("! terminated\n");

            assertNobodyIsLeft();
        }
    }

    @ParameterizedTest
    @EnumSource
    void whoBreaksItsProtocol(Transport transport) {
        begin(transport);
        try (ToyClient client = rig.client()) {
            client.ask("BEGIN");
            client.send("?");

            assertThat(client.rest()).isEqualTo("! protocol_violated\n");

            assertNobodyIsLeft();
            await().until(() -> rig.old.connections() == 0);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whoTakesNothingOfALongReply(Transport transport) {
        begin(transport);
        try (ToyClient client = rig.client()) {
            client.send("BIG 2000");
            await().atMost(Duration.ofSeconds(5)).until(() -> rig.node.meters("proxy.frontend.bytes") > 100_000);

            rig.node.node().endSession(client.number(), "an operator");

            assertNobodyIsLeft();
            client.rest();
            await().until(() -> rig.old.connections() == 0);
        }
    }
}
