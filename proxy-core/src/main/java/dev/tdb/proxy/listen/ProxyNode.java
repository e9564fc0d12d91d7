package dev.tdb.proxy.listen;

import dev.tdb.proxy.backend.HostLookup;
import dev.tdb.proxy.backend.LinkPool;
import dev.tdb.proxy.backend.ServerTlsContexts;
import dev.tdb.proxy.credential.CredentialBook;
import dev.tdb.proxy.credential.LoginThrottle;
import dev.tdb.proxy.credential.Secret;
import dev.tdb.proxy.frontend.Admission;
import dev.tdb.proxy.frontend.FrontendLoop;
import dev.tdb.proxy.frontend.ProtocolNode;
import dev.tdb.proxy.frontend.SessionInfo;
import dev.tdb.proxy.frontend.Sessions;
import dev.tdb.proxy.frontend.WireProtocol;
import dev.tdb.proxy.hold.Hold;
import dev.tdb.proxy.hold.HoldGates;
import dev.tdb.proxy.hold.HoldStatus;
import dev.tdb.proxy.hold.HoldTerms;
import dev.tdb.proxy.hold.RouteControl;
import dev.tdb.proxy.observe.Meters;
import dev.tdb.proxy.observe.QueryEvents;
import dev.tdb.proxy.refusal.Refusal;
import dev.tdb.proxy.relay.HeldBytes;
import dev.tdb.proxy.relay.KeptBytes;
import dev.tdb.proxy.route.Engine;
import dev.tdb.proxy.route.Route;
import dev.tdb.proxy.route.RouteKey;
import dev.tdb.proxy.route.RouteTable;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The data path of one process: event loops, listeners, sessions. It goes by the newest {@link RouteTable} and
 * {@link CredentialBook} it was given, and never asks anybody.
 */
public final class ProxyNode implements RouteControl, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ProxyNode.class);

    /** One event loop's share of the node's bounds. */
    private record LoopBounds(HeldBytes held, KeptBytes kept) {
        static LoopBounds share(NodeConfig config) {
            NodeLimits limits = config.limits();
            return new LoopBounds(
                    new HeldBytes(Math.max(1, limits.heldBytesMax() / config.eventLoops())),
                    new KeptBytes(limits.keptBytesMax() / config.eventLoops()));
        }
    }

    private final NodeConfig config;
    private final MeterRegistry registry;
    private final QueryEvents events;
    private final MultiThreadIoEventLoopGroup group;
    private final ExecutorService workers;
    private final HostLookup hosts;
    private final HoldGates gates;
    private final Sessions sessions = new Sessions();
    private final LoginThrottle throttle;
    private final Admission admission;
    private final Places places;
    private final Map<EventLoop, LoopBounds> bounds = new HashMap<>();
    private final Map<Engine, Meters> meters = new EnumMap<>(Engine.class);
    private final Map<Engine, ProtocolNode> protocols = new EnumMap<>(Engine.class);
    private final Map<Engine, Map<EventLoop, FrontendLoop>> protocolLoops = new EnumMap<>(Engine.class);
    private final List<Listener> listeners = new ArrayList<>();
    private final List<TlsFiles> certificates = new ArrayList<>();
    private boolean stopped;
    private volatile RouteTable routes = RouteTable.empty();

    public ProxyNode(NodeConfig config, QueryEvents events, MeterRegistry registry, InstantSource clock) {
        this.config = config;
        this.registry = registry;
        this.events = events;
        this.group = new MultiThreadIoEventLoopGroup(
                config.eventLoops(),
                new DefaultThreadFactory("tdb-loop"),
                config.transport().ioHandler());
        this.workers = Executors.newFixedThreadPool(4, new DefaultThreadFactory("tdb-worker", true));
        this.hosts = new HostLookup(InetAddress::getByName, new DefaultThreadFactory("tdb-lookup", true));
        this.places = new Places(config.limits().connectionsMax());
        this.gates = new HoldGates(loops());
        this.throttle = new LoginThrottle(config.loginFailuresMax(), clock);
        CredentialBook nobody = CredentialBook.empty(Secret.of(new byte[32]));
        this.admission = new Admission(nobody, sessions, config.times().lastUnit(), clock, group, workers);
        FunctionCounter.builder("proxy.observe.events.dropped", events, QueryEvents::dropped)
                .description("query events that found the ring full")
                .register(registry);
        Gauge.builder("proxy.observe.events.waiting", events, QueryEvents::waiting)
                .description("query events on their way to the query log")
                .register(registry);
    }

    private List<EventExecutor> loops() {
        List<EventExecutor> all = new ArrayList<>();
        group.forEach(all::add);
        return all;
    }

    /**
     * Serves a protocol at an address.
     *
     * @return where it listens, with the port that was chosen
     */
    public synchronized InetSocketAddress listen(WireProtocol protocol, ListenerConfig listener) throws IOException {
        Meters meters = this.meters.computeIfAbsent(protocol.engine(), engine -> new Meters(registry, engine));
        ProtocolNode node = protocols.computeIfAbsent(
                protocol.engine(),
                _ -> new ProtocolNode(
                        protocol,
                        () -> routes,
                        admission,
                        gates,
                        sessions,
                        throttle,
                        meters,
                        events,
                        config.times(),
                        config.session()));
        Map<EventLoop, FrontendLoop> ownLoops =
                protocolLoops.computeIfAbsent(protocol.engine(), _ -> frontendLoops(protocol, meters));
        Listener bound = new Listener(
                listener,
                node,
                ownLoops,
                group,
                config.transport(),
                config.session(),
                config.times().login(),
                places,
                meters);
        listeners.add(bound);
        if (listener.tls() instanceof TlsFiles files) {
            certificates.add(files);
        }
        log.atInfo()
                .addKeyValue("protocol", protocol.engine().word())
                .addKeyValue("address", bound.address())
                .addKeyValue("transport", config.transport())
                .log("listening");
        return bound.address();
    }

    private Map<EventLoop, FrontendLoop> frontendLoops(WireProtocol protocol, Meters meters) {
        ServerTlsContexts tls = new ServerTlsContexts(List.of());
        Map<EventLoop, FrontendLoop> loops = new HashMap<>();
        group.forEach(executor -> {
            EventLoop loop = (EventLoop) executor;
            LinkPool links = new LinkPool(
                    loop, protocol.server(), tls, workers, hosts, config.transport(), config.links(), meters);
            LoopBounds own = bounds.computeIfAbsent(loop, _ -> LoopBounds.share(config));
            loops.put(loop, new FrontendLoop(loop, links, workers, own.held(), own.kept()));
        });
        return loops;
    }

    @Override
    public synchronized CompletableFuture<Void> publish(RouteTable table) {
        RouteTable old = routes;
        if (table.version() <= old.version()) {
            throw new IllegalArgumentException("route table " + table.version() + " after " + old.version());
        }
        List<Route> changed = new ArrayList<>();
        for (Route route : table.routes()) {
            Route before = old.find(route.key()).orElse(null);
            if (before != null && before.epoch() > route.epoch()) {
                throw new IllegalArgumentException(
                        "epoch " + route.epoch() + " of " + route.key() + " after " + before.epoch());
            }
            if (!route.equals(before)) {
                changed.add(route);
            }
        }
        List<RouteKey> gone = old.routes().stream()
                .map(Route::key)
                .filter(key -> table.find(key).isEmpty())
                .toList();
        routes = table;
        List<CompletableFuture<Void>> told = new ArrayList<>();
        changed.forEach(route -> told.add(gates.follow(route)));
        gone.forEach(key -> told.add(gates.unfollow(key)));
        changed.forEach(route -> retireLinks(route.key(), route.epoch()));
        gone.forEach(this::forget);
        told.add(acknowledged());
        return CompletableFuture.allOf(told.toArray(CompletableFuture[]::new));
    }

    private void forget(RouteKey key) {
        retireLinks(key, Long.MAX_VALUE);
        ProtocolNode node = protocols.get(key.engine());
        if (node != null) {
            node.forget(key);
        }
    }

    private void retireLinks(RouteKey key, long epoch) {
        Map<EventLoop, FrontendLoop> loops = protocolLoops.getOrDefault(key.engine(), Map.of());
        loops.forEach((loop, own) -> loop.execute(() -> own.links().retire(key, epoch)));
    }

    /** Done when every loop has done all that it was told before. */
    private CompletableFuture<Void> acknowledged() {
        List<CompletableFuture<Void>> all = new ArrayList<>();
        group.forEach(loop -> {
            CompletableFuture<Void> one = new CompletableFuture<>();
            loop.execute(() -> one.complete(null));
            all.add(one);
        });
        return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new));
    }

    @Override
    public void publish(CredentialBook book) {
        admission.publish(book);
    }

    @Override
    public Hold hold(RouteKey key, HoldTerms terms) {
        long epoch = routes.find(key).map(Route::epoch).orElse(0L);
        Hold hold = gates.hold(key, epoch, terms);
        // Warm links of the present epoch would keep a fence waiting.
        retireLinks(key, epoch + 1);
        return hold;
    }

    @Override
    public CompletableFuture<Void> prepare(Route next) {
        return gates.prepare(next);
    }

    @Override
    public CompletableFuture<HoldStatus> survey(RouteKey key) {
        return gates.survey(key);
    }

    public CompletableFuture<List<SessionInfo>> sessions() {
        return sessions.list();
    }

    /**
     * Ends one client's session.
     *
     * @return whether there was such a session
     */
    public boolean endSession(int number, String why) {
        return sessions.end(number, new Refusal.Terminated(why));
    }

    /** Takes changed certificate files into use; called now and then. */
    public synchronized void reloadCertificates() {
        certificates.forEach(TlsFiles::reloadIfChanged);
    }

    /**
     * Stops in order: accepts nobody, lets units end for {@code patience}, tells the rest, closes. Nothing happens when
     * that was done before.
     *
     * @return whether every unit ended by itself
     */
    public boolean shutDown(Duration patience) throws InterruptedException {
        List<Listener> open;
        if (group.isShuttingDown()) {
            return true;
        }
        synchronized (this) {
            if (stopped) {
                return true;
            }
            stopped = true;
            open = List.copyOf(listeners);
            listeners.clear();
        }
        open.forEach(Listener::close);
        sessions.endAllAtSafePoint(new Refusal.ShuttingDown());
        boolean clean = awaitNoSessions(patience);
        if (!clean) {
            log.atWarn().addKeyValue("sessions", sessions.count()).log("sessions cut off at shutdown");
            sessions.endAll(new Refusal.ShuttingDown());
            awaitNoSessions(Duration.ofSeconds(2));
        }
        protocolLoops
                .values()
                .forEach(loops -> loops.forEach(
                        (loop, own) -> loop.execute(() -> own.links().close())));
        try {
            acknowledged().get(2, TimeUnit.SECONDS);
        } catch (java.util.concurrent.ExecutionException | TimeoutException e) {
            log.atDebug().setCause(e).log("loops busy at shutdown");
        }
        // A moment of quiet lets the kernel's news of closed connections arrive before the loops are gone.
        group.shutdownGracefully(50, 2_000, TimeUnit.MILLISECONDS).awaitUninterruptibly(3, TimeUnit.SECONDS);
        workers.shutdownNow();
        hosts.close();
        return clean;
    }

    private boolean awaitNoSessions(Duration patience) throws InterruptedException {
        long until = System.nanoTime() + patience.toNanos();
        while (sessions.count() > 0 && System.nanoTime() < until) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
        return sessions.count() == 0;
    }

    /** Stops at once. */
    @Override
    public void close() {
        try {
            shutDown(Duration.ZERO);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
