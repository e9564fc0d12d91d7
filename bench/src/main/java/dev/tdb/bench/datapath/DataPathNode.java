package dev.tdb.bench.datapath;

import dev.tdb.mysql.MySqlFlavour;
import dev.tdb.mysql.MySqlProtocol;
import dev.tdb.postgres.PostgresProtocol;
import dev.tdb.proxy.frontend.WireProtocol;
import dev.tdb.proxy.listen.ListenerConfig;
import dev.tdb.proxy.listen.NodeConfig;
import dev.tdb.proxy.listen.ProxyNode;
import dev.tdb.proxy.listen.TlsFiles;
import dev.tdb.proxy.observe.QueryEvents;
import dev.tdb.proxy.route.Engine;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** A node with one tenant in use and one listener without TLS, whose query events are thrown away. */
public final class DataPathNode implements AutoCloseable {
    private static final int EVENTS_MAX = 1 << 16;
    private static final int CONNECTIONS_MAX = 20_000;
    private static final long DRAIN_PAUSE_NANOS = 20_000_000;

    private final ProxyNode node;
    private final Settings settings;
    private final int port;
    private final Thread events;

    private DataPathNode(ProxyNode node, Settings settings, int port, Thread events) {
        this.node = node;
        this.settings = settings;
        this.port = port;
        this.events = events;
    }

    public static DataPathNode open(Settings settings) throws IOException {
        QueryEvents events = settings.isCapturing() ? new QueryEvents(EVENTS_MAX) : QueryEvents.off();
        NodeConfig standard = NodeConfig.defaults();
        NodeConfig config = new NodeConfig(
                settings.transport(),
                settings.loops(),
                standard.limits(),
                standard.loginFailuresMax(),
                standard.times(),
                standard.session(),
                standard.links());
        ProxyNode node = new ProxyNode(config, events, new SimpleMeterRegistry(), InstantSource.system());
        try {
            node.publish(StaticBook.credentials(settings));
            node.publish(StaticBook.routes(settings, 0)).join();
            InetSocketAddress address = node.listen(
                    protocol(settings.engine()),
                    new ListenerConfig(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                            TlsFiles.none(TlsFiles.Plaintext.LOOPBACK),
                            CONNECTIONS_MAX,
                            List.of()));
            Thread drain = Thread.ofPlatform().daemon().name("events").start(() -> drain(events));
            return new DataPathNode(node, settings, address.getPort(), drain);
        } catch (IOException | RuntimeException e) {
            node.close();
            throw e;
        }
    }

    private static WireProtocol protocol(Engine engine) {
        return switch (engine) {
            case POSTGRES -> new PostgresProtocol();
            case MYSQL -> new MySqlProtocol(MySqlFlavour.MARIADB);
            case MONGODB, REDIS -> throw new IllegalArgumentException("no data path for " + engine);
        };
    }

    private static void drain(QueryEvents events) {
        while (!Thread.interrupted()) {
            while (events.drain(_ -> {}, EVENTS_MAX) > 0) {
                // As much as there is.
            }
            LockSupport.parkNanos(DRAIN_PAUSE_NANOS);
        }
    }

    public int port() {
        return port;
    }

    Flip flip() {
        return new Flip(node, settings);
    }

    @Override
    public void close() {
        events.interrupt();
        node.close();
    }
}
