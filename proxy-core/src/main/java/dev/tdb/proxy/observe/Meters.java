package dev.tdb.proxy.observe;

import dev.tdb.proxy.refusal.Refusal;
import dev.tdb.proxy.route.Engine;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** The meters of one protocol's sessions and links, resolved once. From any thread; labels are bounded. */
public final class Meters {
    private final MeterRegistry registry;
    private final String protocol;
    private final LongAdder bytesFromClients = new LongAdder();
    private final LongAdder bytesFromServers = new LongAdder();
    private final LongAdder units = new LongAdder();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger sessions = new AtomicInteger();
    private final AtomicInteger links = new AtomicInteger();
    private final AtomicInteger warmLinks = new AtomicInteger();
    private final AtomicInteger parked = new AtomicInteger();
    private final Counter accepted;
    private final Counter dialled;
    private final Counter reused;
    private final Counter moved;
    private final Timer heldTime;
    private final Timer dialTime;
    private final Map<String, Counter> refused = new ConcurrentHashMap<>();
    private final Map<String, Counter> ended = new ConcurrentHashMap<>();

    public Meters(MeterRegistry registry, Engine engine) {
        this.registry = registry;
        this.protocol = engine.word();
        function("proxy.frontend.bytes", "client", bytesFromClients);
        function("proxy.frontend.bytes", "server", bytesFromServers);
        FunctionCounter.builder("proxy.frontend.units", units, LongAdder::sum)
                .tag("protocol", protocol)
                .description("units of work that reached a safe point")
                .register(registry);
        gauge("proxy.listen.connections", "client connections, whether or not they are logged in", connections);
        gauge("proxy.frontend.sessions", "client connections that are logged in", sessions);
        gauge("proxy.backend.links", "server connections, warm ones included", links);
        gauge("proxy.backend.links.warm", "server connections waiting for a session", warmLinks);
        gauge("proxy.hold.parked", "sessions with something waiting on hold", parked);
        accepted = counter("proxy.listen.accepted", "client connections accepted");
        dialled = counter("proxy.backend.dialled", "server connections opened");
        reused = counter("proxy.backend.reused", "sessions that found a warm link");
        moved = counter("proxy.hold.moved", "sessions moved to another server");
        heldTime = Timer.builder("proxy.hold.time")
                .tag("protocol", protocol)
                .description("how long units waited on hold")
                .publishPercentileHistogram()
                .maximumExpectedValue(Duration.ofMinutes(2))
                .register(registry);
        dialTime = Timer.builder("proxy.backend.dial.time")
                .tag("protocol", protocol)
                .description("from dialling a server to being logged in")
                .register(registry);
    }

    public void bytesFromClient(int bytes) {
        bytesFromClients.add(bytes);
    }

    public void bytesFromServer(int bytes) {
        bytesFromServers.add(bytes);
    }

    public void unitEnded() {
        units.increment();
    }

    public void accepted() {
        accepted.increment();
        connections.incrementAndGet();
    }

    public void disconnected() {
        connections.decrementAndGet();
    }

    public void sessionBegan() {
        sessions.incrementAndGet();
    }

    public void sessionEnded() {
        sessions.decrementAndGet();
    }

    public void linkOpened(long dialNanos) {
        links.incrementAndGet();
        dialled.increment();
        dialTime.record(Duration.ofNanos(dialNanos));
    }

    public void linkClosed() {
        links.decrementAndGet();
    }

    public void linkWarm(int change) {
        warmLinks.addAndGet(change);
    }

    public void linkReused() {
        reused.increment();
    }

    public void parked(int change) {
        parked.addAndGet(change);
    }

    public void held(long nanos) {
        heldTime.record(Duration.ofNanos(nanos));
    }

    public void moved() {
        moved.increment();
    }

    public void refused(Refusal refusal) {
        refused.computeIfAbsent(
                        refusal.label(),
                        label -> Counter.builder("proxy.refusal.refused")
                                .tags("protocol", protocol, "refusal", label)
                                .description("times the proxy said no")
                                .register(registry))
                .increment();
    }

    /** A session could not be moved, for a {@code reason} of a bounded vocabulary. */
    public void unmovable(String reason) {
        ended.computeIfAbsent(
                        reason,
                        label -> Counter.builder("proxy.hold.closed")
                                .tags("protocol", protocol, "reason", label)
                                .description("sessions that a move ended")
                                .register(registry))
                .increment();
    }

    private Counter counter(String name, String description) {
        return Counter.builder(name)
                .tag("protocol", protocol)
                .description(description)
                .register(registry);
    }

    private void gauge(String name, String description, AtomicInteger value) {
        Gauge.builder(name, value, AtomicInteger::get)
                .tag("protocol", protocol)
                .description(description)
                .register(registry);
    }

    private void function(String name, String direction, LongAdder value) {
        FunctionCounter.builder(name, value, LongAdder::sum)
                .tags("protocol", protocol, "direction", direction)
                .baseUnit("bytes")
                .register(registry);
    }
}
