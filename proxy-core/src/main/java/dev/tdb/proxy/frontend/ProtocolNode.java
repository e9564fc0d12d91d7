package dev.tdb.proxy.frontend;

import dev.tdb.proxy.backend.Link;
import dev.tdb.proxy.backend.LinkFacts;
import dev.tdb.proxy.credential.LoginThrottle;
import dev.tdb.proxy.hold.HoldGates;
import dev.tdb.proxy.observe.Meters;
import dev.tdb.proxy.observe.QueryEvents;
import dev.tdb.proxy.route.RouteKey;
import dev.tdb.proxy.route.RouteTable;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;

/** What all sessions of one protocol on a node share. From any thread. */
public final class ProtocolNode {
    private static final int LAST_SEEN_MAX = 100_000;

    private final WireProtocol protocol;
    private final Supplier<RouteTable> routes;
    private final Admission admission;
    private final HoldGates gates;
    private final Sessions sessions;
    private final LoginThrottle throttle;
    private final Meters meters;
    private final QueryEvents events;
    private final SessionTimes times;
    private final SessionLimits limits;
    private final ConcurrentMap<RouteKey, LinkFacts> lastSeen = new ConcurrentHashMap<>();

    public ProtocolNode(
            WireProtocol protocol,
            Supplier<RouteTable> routes,
            Admission admission,
            HoldGates gates,
            Sessions sessions,
            LoginThrottle throttle,
            Meters meters,
            QueryEvents events,
            SessionTimes times,
            SessionLimits limits) {
        this.protocol = protocol;
        this.routes = routes;
        this.admission = admission;
        this.gates = gates;
        this.sessions = sessions;
        this.throttle = throttle;
        this.meters = meters;
        this.events = events;
        this.times = times;
        this.limits = limits;
    }

    WireProtocol protocol() {
        return protocol;
    }

    RouteTable routes() {
        return routes.get();
    }

    Admission admission() {
        return admission;
    }

    HoldGates gates() {
        return gates;
    }

    Sessions sessions() {
        return sessions;
    }

    LoginThrottle throttle() {
        return throttle;
    }

    Meters meters() {
        return meters;
    }

    QueryEvents events() {
        return events;
    }

    SessionTimes times() {
        return times;
    }

    SessionLimits limits() {
        return limits;
    }

    /** What a server of the route last said of itself, for a client that logs in while there is none. */
    Optional<LinkFacts> lastSeen(RouteKey key) {
        return Optional.ofNullable(lastSeen.get(key));
    }

    /**
     * The newest link tells best what a server says; one of an old target tells nothing. One whose client chose something
     * at its start says so of that client, too: it is better than none.
     */
    void seen(RouteKey key, Link link) {
        boolean current = routes().find(key)
                .filter(route -> route.epoch() == link.epoch())
                .isPresent();
        boolean known = lastSeen.containsKey(key);
        boolean plain = link.spec().profile().parameters().isEmpty();
        if (current && (known ? plain : lastSeen.size() < LAST_SEEN_MAX)) {
            lastSeen.put(key, link.factsAtLogin());
        }
    }

    /** The route is no more. */
    public void forget(RouteKey key) {
        lastSeen.remove(key);
    }
}
