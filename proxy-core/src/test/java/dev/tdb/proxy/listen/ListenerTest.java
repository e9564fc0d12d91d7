package dev.tdb.proxy.listen;

import static dev.tdb.proxy.listen.ToyRig.DB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tdb.proxy.frontend.SessionTimes;
import dev.tdb.proxy.toy.NoLeaks;
import dev.tdb.proxy.toy.ToyClient;
import dev.tdb.proxy.toy.ToyNode;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** How many clients may come, and what becomes of those that do not go on. */
@ExtendWith(NoLeaks.class)
final class ListenerTest {
    /** Beyond its limit a listener tells so many clients why. */
    private static final int TOLD_MAX = 256;

    /** Nobody's login is cut while a test fills a listener. */
    private final ToyRig rig = new ToyRig(ToyRig.config(new SessionTimes(
            Duration.ofSeconds(30),
            Duration.ofSeconds(3),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Duration.ofMillis(200))));

    private final List<ToyClient> clients = new ArrayList<>();

    @AfterEach
    void stop() {
        clients.forEach(ToyClient::close);
        rig.close();
    }

    private InetSocketAddress listen(int connectionsMax) {
        return rig.node.listen(TlsFiles.none(TlsFiles.Plaintext.EVERYBODY), connectionsMax, List.of());
    }

    private ToyClient connect(InetSocketAddress address) {
        ToyClient client = ToyClient.connect(address);
        clients.add(client);
        return client;
    }

    private double connections() {
        return rig.node.meter("proxy.listen.connections");
    }

    // ---- the limit

    @Test
    void whoIsOneTooManyIsToldSoAtItsLogin() {
        InetSocketAddress address = listen(2);
        connect(address).in(DB);
        connect(address).in(DB);

        String answer = connect(address).login(DB).rest();

        assertThat(answer).isEqualTo("! too_many_connections\n");
    }

    @Test
    void whoIsNotLoggedInYetTakesAPlaceToo() {
        InetSocketAddress address = listen(1);
        assertThat(connect(address).line()).isEqualTo("HELLO");

        assertThat(connect(address).login(DB).rest()).isEqualTo("! too_many_connections\n");
    }

    @Test
    void whoGoesLeavesItsPlaceToTheNext() {
        InetSocketAddress address = listen(1);
        connect(address).in(DB).close();
        await().until(() -> connections() == 0);

        assertThat(connect(address).in(DB).ask("WHO")).isEqualTo("I old");
    }

    @Test
    void whoIsRefusedLeavesItsPlaceToo() {
        InetSocketAddress address = listen(1);
        ToyClient client = connect(address).in(DB);
        for (int i = 0; i < 3; i++) {
            assertThat(connect(address).login(DB).rest()).isEqualTo("! too_many_connections\n");
        }
        await().until(() -> connections() == 1);
        client.close();
        await().until(() -> connections() == 0);

        assertThat(connect(address).in(DB).ask("WHO")).isEqualTo("I old");
    }

    @Test
    void everyListenerHasALimitOfItsOwn() {
        InetSocketAddress full = listen(1);
        connect(full).in(DB);

        assertThat(connect(listen(1)).in(DB).ask("WHO")).isEqualTo("I old");
        assertThat(connect(full).login(DB).rest()).isEqualTo("! too_many_connections\n");
    }

    @Test
    void allListenersTogetherHaveALimitToo() {
        NodeConfig config = ToyNode.config();
        NodeLimits limits = new NodeLimits(2, 1 << 20, 1 << 20);
        try (ToyNode node = new ToyNode(new NodeConfig(
                        config.transport(),
                        config.eventLoops(),
                        limits,
                        config.loginFailuresMax(),
                        config.times(),
                        config.session(),
                        config.links()))
                .open(DB, rig.old, 1)) {
            InetSocketAddress one = node.listen();
            InetSocketAddress other = node.listen();
            ToyClient first = connect(one).in(DB);
            connect(other).in(DB);
            assertThat(connect(one).login(DB).rest()).isEqualTo("! too_many_connections\n");
            assertThat(connect(other).login(DB).rest()).isEqualTo("! too_many_connections\n");

            first.close();
            await().until(() -> node.meter("proxy.listen.connections") == 1);

            assertThat(connect(other).in(DB).ask("WHO")).isEqualTo("I old");
        }
    }

    @Test
    void aCancelIsHeardThoughNobodyMoreMayLogIn() {
        InetSocketAddress address = listen(1);
        ToyClient client = connect(address).in(DB);
        client.send("WAIT");
        await().until(() -> rig.old.received().contains("WAIT"));

        connect(address).send(client.cancelLine());

        assertThat(client.line()).isEqualTo("I cancelled");
    }

    @Test
    void farBeyondTheLimitNobodyIsToldAnything() {
        InetSocketAddress address = listen(1);
        for (int i = 0; i < 1 + TOLD_MAX; i++) {
            assertThat(connect(address).line()).isEqualTo("HELLO");
        }

        assertThat(connect(address).rest()).isEmpty();

        await().until(() -> connections() == 1 + TOLD_MAX);
    }

    // ---- clients that end in half

    @Test
    void whoSaysNothingMoreInItsLoginIsGone() throws IOException {
        ToyClient client = connect(rig.address);
        client.raw("LOGIN tdb_toy pass");

        client.socket().shutdownOutput();

        assertThat(client.rest()).isEqualTo("HELLO\n");
        await().until(() -> connections() == 0);
    }

    @Test
    void whoSaysNothingMoreAtASafePointLeavesItsLinkToTheNext() throws IOException {
        ToyClient client = rig.client();
        clients.add(client);

        client.socket().shutdownOutput();

        assertThat(client.rest()).isEmpty();
        await().until(() -> rig.node.meter("proxy.backend.links.warm") == 1);
        assertThat(rig.node.meter("proxy.frontend.sessions")).isZero();
    }

    @Test
    void whoSaysNothingMoreInAUnitTakesItsLinkWithIt() throws IOException {
        ToyClient client = rig.client();
        clients.add(client);
        client.send("WAIT");
        await().until(() -> rig.old.received().contains("WAIT"));

        client.socket().shutdownOutput();

        assertThat(client.rest()).isEmpty();
        await().until(() -> connections() == 0 && rig.node.meter("proxy.backend.links") == 0);
    }

    @Test
    void whoResetsItsConnectionInItsLoginIsForgotten() throws IOException {
        ToyClient client = connect(rig.address);
        assertThat(client.line()).isEqualTo("HELLO");
        client.socket().setSoLinger(true, 0);

        client.close();

        await().until(() -> connections() == 0);
    }
}
