package dev.tdb.bench.datapath;

import dev.tdb.postgres.PostgresProtocol;
import dev.tdb.proxy.listen.ListenerConfig;
import dev.tdb.proxy.listen.NodeConfig;
import dev.tdb.proxy.listen.ProxyNode;
import dev.tdb.proxy.listen.TlsFiles;
import dev.tdb.proxy.observe.QueryEvents;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/**
 * A tdb data path between clients and one server. Takes commands line by line, {@code flip} or {@code exit}, answers each
 * with a line, and ends with its input.
 */
public final class Main {
    private static final int EVENTS_MAX = 1 << 16;
    private static final int CONNECTIONS_MAX = 20_000;
    private static final long DRAIN_PAUSE_NANOS = 20_000_000;

    private Main() {}

    /** @param arguments the file of the {@link Settings} */
    public static void main(String[] arguments) throws Exception {
        Settings settings = Settings.read(Path.of(arguments[0]));
        QueryEvents events = settings.isCapturing() ? new QueryEvents(EVENTS_MAX) : QueryEvents.off();
        NodeConfig standard = NodeConfig.defaults();
        NodeConfig config = new NodeConfig(
                settings.transport(),
                settings.loops(),
                standard.heldBytesMax(),
                standard.loginFailuresMax(),
                standard.times(),
                standard.session(),
                standard.links());
        try (ProxyNode node = new ProxyNode(config, events, new SimpleMeterRegistry(), InstantSource.system())) {
            node.publish(StaticBook.credentials(settings));
            node.publish(StaticBook.routes(settings, 0)).get();
            Thread.ofPlatform().daemon().name("events").start(() -> drain(events));
            InetSocketAddress address = node.listen(
                    new PostgresProtocol(),
                    new ListenerConfig(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                            TlsFiles.none(TlsFiles.Plaintext.LOOPBACK),
                            CONNECTIONS_MAX,
                            List.of()));
            say("listening " + address.getPort());
            obey(new Flip(node, settings));
        }
    }

    private static void obey(Flip flip) throws IOException, InterruptedException {
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        for (String command = commands.readLine(); command != null; command = commands.readLine()) {
            switch (command) {
                case "flip" -> say(flipped(flip));
                case "exit" -> {
                    return;
                }
                default -> say("unknown command " + command);
            }
        }
    }

    private static String flipped(Flip flip) throws InterruptedException {
        try {
            return "flipped " + flip.run();
        } catch (ExecutionException | TimeoutException failure) {
            return "failed " + failure;
        }
    }

    private static void drain(QueryEvents events) {
        while (true) {
            while (events.drain(_ -> {}, EVENTS_MAX) > 0) {
                // As much as there is.
            }
            LockSupport.parkNanos(DRAIN_PAUSE_NANOS);
        }
    }

    private static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
