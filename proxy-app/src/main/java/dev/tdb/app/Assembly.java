package dev.tdb.app;

import dev.tdb.admin.AdminApi;
import dev.tdb.admin.resource.Readiness;
import dev.tdb.app.config.HostAndPort;
import dev.tdb.app.config.ServeConfig;
import dev.tdb.app.config.ServeConfig.CertificateFiles;
import dev.tdb.app.config.ServeConfig.ListenerSettings;
import dev.tdb.control.plane.ControlPlane;
import dev.tdb.control.plane.ControlSettings;
import dev.tdb.control.tenant.PublicEndpoint;
import dev.tdb.proxy.frontend.ClientTls;
import dev.tdb.proxy.frontend.WireProtocol;
import dev.tdb.proxy.listen.ListenerConfig;
import dev.tdb.proxy.listen.ProxyNode;
import dev.tdb.proxy.listen.TlsFiles;
import dev.tdb.proxy.observe.QueryEvents;
import dev.tdb.proxy.route.Engine;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The program, put together by hand: data path, control plane, API. Routes and credentials are published before the
 * first client is let in. It is taken apart in the order in which nothing that still runs misses anything: clients end
 * first, then the API, then the control plane, whose query log has by then seen everything.
 */
public final class Assembly implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Assembly.class);
    private static final Duration CERTIFICATES_LOOKED_AT = Duration.ofSeconds(10);

    private final Deque<Part> parts = new ArrayDeque<>();
    private final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final ServeConfig config;
    private final ProxyNode node;
    private final ControlPlane control;
    private final AdminApi api;
    private final Set<Engine> listening = ConcurrentHashMap.newKeySet();
    private volatile boolean stopping;

    /** Something that runs, and how it ends. */
    private record Part(String name, Ending ending) {}

    /** How a part ends. */
    @FunctionalInterface
    private interface Ending {
        void end() throws InterruptedException;
    }

    private Assembly(ServeConfig wanted, Protocols protocols) throws IOException {
        this.config = Ports.chosen(wanted);
        try {
            parts.push(new Part("meters", meters::close));
            JvmMeters.bind(meters);
            QueryEvents queries =
                    config.queryEventsMax() == 0 ? QueryEvents.off() : new QueryEvents(config.queryEventsMax());
            this.node = new ProxyNode(config.node(), queries, meters, InstantSource.system());
            Part nodePart = new Part("proxy", () -> node.shutDown(config.shutdownPatience()));
            parts.push(nodePart);
            this.control = ControlPlane.open(controlSettings(), node, queries);
            control.queryLog().bindTo(meters);
            // Below the node in the stack: the control plane ends after its clients have.
            parts.remove(nodePart);
            parts.push(new Part("control plane", control::close));
            this.api = AdminApi.start(
                    config.api(),
                    control,
                    new AdminApi.Node(
                            Version.current(), new NodeSessions(node), this::readiness, meters, meters::scrape));
            parts.push(new Part("api", api::close));
            parts.push(nodePart);
            for (ListenerSettings listener : config.listeners()) {
                listen(protocols.of(listener), listener);
            }
            Thread watcher = Thread.ofVirtual().name("certificates").start(this::watchCertificates);
            parts.push(new Part("certificates", watcher::interrupt));
        } catch (IOException | RuntimeException fault) {
            close();
            throw fault;
        }
    }

    /**
     * Starts everything; blocks until it serves.
     *
     * @throws IOException when a listener cannot be bound, or its certificate not be read
     */
    public static Assembly start(ServeConfig config, Protocols protocols) throws IOException {
        return new Assembly(config, protocols);
    }

    private ControlSettings controlSettings() {
        Map<Engine, PublicEndpoint> endpoints = new EnumMap<>(Engine.class);
        config.listeners().forEach(listener -> endpoints.put(listener.engine(), listener.publicEndpoint()));
        return new ControlSettings(
                config.store(),
                config.keyFile(),
                config.trashKept(),
                config.queryLog(),
                config.deployments(),
                endpoints,
                InstantSource.system());
    }

    private void listen(WireProtocol protocol, ListenerSettings listener) throws IOException {
        ClientTls tls = TlsFiles.none(listener.plaintext(), listener.cleartextPassword());
        if (listener.certificate().isPresent()) {
            CertificateFiles files = listener.certificate().get();
            tls = new TlsFiles(
                    files.chain(),
                    files.key(),
                    listener.plaintext(),
                    listener.cleartextPassword(),
                    protocol.applicationProtocols());
        }
        InetSocketAddress address = listener.address().resolved();
        node.listen(
                protocol, new ListenerConfig(address, tls, listener.connectionsMax(), listener.proxyProtocolFrom()));
        listening.add(listener.engine());
    }

    private List<Readiness> readiness() {
        List<Readiness> parts = new ArrayList<>();
        control.readiness().forEach((part, wrong) -> parts.add(new Readiness(part, true, wrong)));
        parts.add(new Readiness("proxy", true, stopping ? "it is shutting down" : ""));
        config.listeners().stream()
                .map(ListenerSettings::engine)
                .forEach(engine -> parts.add(new Readiness(
                        "listener_" + engine.word(),
                        true,
                        listening.contains(engine) && !stopping ? "" : "it is not open")));
        // What it cannot write is lost and counted; no query waits for it, so the node serves all the same.
        parts.add(new Readiness("query_log", false, control.queryLog().trouble()));
        return parts;
    }

    private void watchCertificates() {
        try {
            while (true) {
                Thread.sleep(CERTIFICATES_LOOKED_AT);
                node.reloadCertificates();
            }
        } catch (InterruptedException _) {
            // The program ends.
        }
    }

    public ControlPlane control() {
        return control;
    }

    /** Where the API listens. */
    public HostAndPort apiAddress() {
        return new HostAndPort(config.api().host(), api.port());
    }

    /** The address that {@code /metrics} has for itself. */
    public Optional<HostAndPort> metricsAddress() {
        return config.api()
                .metrics()
                .map(place -> new HostAndPort(place.host(), api.metricsPort().orElseThrow()));
    }

    /** What runs, with the ports that were chosen. */
    public ServeConfig config() {
        return config;
    }

    @Override
    public void close() {
        stopping = true;
        while (!parts.isEmpty()) {
            Part part = parts.pop();
            try {
                part.ending().end();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException fault) {
                log.atError().addKeyValue("part", part.name()).setCause(fault).log("part did not stop cleanly");
            }
        }
    }
}
