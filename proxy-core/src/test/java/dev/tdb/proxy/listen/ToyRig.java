package dev.tdb.proxy.listen;

import dev.tdb.proxy.frontend.SessionTimes;
import dev.tdb.proxy.hold.Hold;
import dev.tdb.proxy.hold.HoldStatus;
import dev.tdb.proxy.toy.ToyClient;
import dev.tdb.proxy.toy.ToyNode;
import dev.tdb.proxy.toy.ToyServer;
import java.net.InetSocketAddress;
import java.time.Duration;

/** Two toy servers, a node with one route to the first, and its listener. */
final class ToyRig implements AutoCloseable {
    static final String DB = "shop__acme";
    static final Duration LONG = Duration.ofSeconds(30);

    final ToyServer old = new ToyServer("old");
    final ToyServer other = new ToyServer("new");
    final ToyNode node;
    final InetSocketAddress address;

    ToyRig() {
        this(ToyNode.config());
    }

    ToyRig(NodeConfig config) {
        node = new ToyNode(config).open(DB, old, 1);
        address = node.listen();
    }

    /** As always, but with other times. */
    static NodeConfig config(SessionTimes times) {
        NodeConfig config = ToyNode.config();
        return new NodeConfig(
                config.transport(),
                config.eventLoops(),
                config.limits(),
                config.loginFailuresMax(),
                times,
                config.session(),
                config.links());
    }

    /** A client that is in. */
    ToyClient client() {
        return ToyClient.connect(address).in(DB);
    }

    /** A cutover's hold that every session has settled under. */
    Hold drained() {
        Hold hold = node.hold(DB, LONG);
        ToyNode.await(hold.drained());
        return hold;
    }

    HoldStatus status(Hold hold) {
        return ToyNode.await(hold.status());
    }

    @Override
    public void close() {
        node.close();
        old.close();
        other.close();
    }
}
