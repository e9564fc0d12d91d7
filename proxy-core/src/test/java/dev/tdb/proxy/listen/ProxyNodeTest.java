package dev.tdb.proxy.listen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tdb.proxy.hold.Hold;
import dev.tdb.proxy.hold.Released;
import dev.tdb.proxy.toy.NoLeaks;
import dev.tdb.proxy.toy.ToyClient;
import dev.tdb.proxy.toy.ToyNode;
import dev.tdb.proxy.toy.ToyServer;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Sessions over loopback sockets: logins, units, holds and moves. */
@ExtendWith(NoLeaks.class)
final class ProxyNodeTest {
    private static final String DB = "shop__acme";
    private static final Duration LONG = Duration.ofSeconds(30);

    private ToyServer old;
    private ToyServer other;
    private ToyNode node;
    private InetSocketAddress address;

    @BeforeEach
    void start() {
        old = new ToyServer("old");
        other = new ToyServer("new");
        node = new ToyNode().open(DB, old, 1);
        address = node.listen();
    }

    @AfterEach
    void stop() {
        node.close();
        old.close();
        other.close();
    }

    private ToyClient client() {
        return ToyClient.connect(address).in(DB);
    }

    @Test
    void aLoginLeadsToTheServerOfTheRoute() {
        try (ToyClient client = ToyClient.connect(address).login(DB)) {
            assertThat(client.welcomed()).isEqualTo("old");
            assertThat(client.ask("ECHO 1")).isEqualTo("I ECHO 1");
        }
    }

    @Test
    void sessionsMoveWithTheirStateAndWhatWaitsGoesToTheNewServerInOrder() {
        try (ToyClient first = client();
                ToyClient second = client();
                ToyClient third = client()) {
            first.ask("SET color red");
            second.ask("SET color blue");
            Hold hold = node.hold(DB, LONG);
            ToyNode.await(hold.drained());
            second.send("GET color", "ECHO after");
            await().until(() -> ToyNode.await(hold.status()).held() == 1);
            first.send("GET color");
            await().until(() -> ToyNode.await(hold.status()).held() == 2);
            assertThat(first.isSilentFor(50)).isTrue();
            node.open(DB, other, 2);
            ToyNode.await(hold.switched());
            await().until(() -> old.connections() == 0);

            Released released = ToyNode.await(hold.release());

            assertThat(released).isEqualTo(new Released(2, 3, 0, Map.of()));
            assertThat(second.line()).isEqualTo("* moved to new");
            assertThat(second.line()).isEqualTo("I blue");
            assertThat(second.line()).isEqualTo("I ECHO after");
            assertThat(first.line()).isEqualTo("* moved to new");
            assertThat(first.line()).isEqualTo("I red");
            assertThat(third.line()).isEqualTo("* moved to new");
            assertThat(third.ask("WHO")).isEqualTo("I new");
            assertThat(old.received()).containsExactlyInAnyOrder("SET color red", "SET color blue");
            assertThat(node.meter("proxy.hold.parked")).isZero();
        }
    }
}
