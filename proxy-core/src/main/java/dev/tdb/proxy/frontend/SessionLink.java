package dev.tdb.proxy.frontend;

import dev.tdb.proxy.backend.Link;
import dev.tdb.proxy.backend.LinkFailure;
import dev.tdb.proxy.backend.LinkRequest;
import dev.tdb.proxy.backend.LinkSpec;
import dev.tdb.proxy.backend.LinkUser;
import dev.tdb.proxy.relay.ReadGate;
import dev.tdb.proxy.route.Route;
import dev.tdb.proxy.route.RouteTable;
import dev.tdb.proxy.route.ServerAddress;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A session's way to its server, from the login on: the link it is on, if any; how it comes by one and leaves it; what the
 * proxy itself asks on it. Answers are events for the machine.
 */
final class SessionLink implements LinkUser {
    private final FrontendSession session;
    private final ProtocolNode node;
    private final FrontendLoop loop;
    private final SessionMember member;
    private @Nullable Link current;
    private boolean dirty;
    private RouteTable known = RouteTable.empty();
    private long knownEpoch;

    SessionLink(FrontendSession session, ProtocolNode node, FrontendLoop loop, SessionMember member) {
        this.session = session;
        this.node = node;
        this.loop = loop;
        this.member = member;
    }

    /** Where it leads; empty while there is none. */
    Optional<ServerAddress> server() {
        return Optional.ofNullable(current).map(link -> link.spec().target().address());
    }

    /** Whether the route still leads where {@code link} goes; the table is looked into when there is a newer one. */
    boolean isCurrent(Link link) {
        RouteTable newest = node.routes();
        if (newest != known) {
            known = newest;
            knownEpoch = newest.find(member.key()).map(Route::epoch).orElse(0L);
        }
        return link.epoch() == knownEpoch;
    }

    /** The session is one of another route. */
    void routeChanged() {
        known = RouteTable.empty();
        knownEpoch = 0;
    }

    // ---- what the link tells

    @Override
    public void onServerBytes(ByteBuf bytes) {
        node.meters().bytesFromServer(bytes.readableBytes());
        session.machine().onServer(bytes);
    }

    @Override
    public void onServerReadComplete() {
        session.actions().flush();
    }

    @Override
    public void onServerWritable(boolean writable) {
        if (writable) {
            session.client().readGate().open(ReadGate.Reason.PEER_FULL);
        } else {
            session.client().readGate().shut(ReadGate.Reason.PEER_FULL);
        }
    }

    @Override
    public void onLinkLost() {
        if (current != null) {
            forget(current);
            session.machine().fire(new FrontendEvent.LinkLost());
        }
    }

    // ---- bytes

    /** Owns {@code bytes}. */
    void write(Link link, ByteBuf bytes) {
        dirty = true;
        link.write(bytes);
    }

    /** Owns {@code bytes}; to whichever it is on. */
    void write(ByteBuf bytes) {
        if (current == null) {
            bytes.release();
            throw new IllegalStateException("bytes for a server without a link");
        }
        write(current, bytes);
    }

    void flush() {
        if (dirty && current != null) {
            dirty = false;
            current.flush();
        }
    }

    void clientWritable(boolean writable) {
        if (current != null) {
            current.userTakes(writable);
        }
    }

    // ---- coming by one

    void lease(Route route, Duration delay) {
        if (delay.isZero()) {
            leaseNow(route);
        } else {
            loop.loop().schedule(() -> leaseNow(route), delay.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void leaseNow(Route route) {
        if (session.machine().isClosed()) {
            return;
        }
        loop.links().lease(spec(route), new LinkRequest() {
            @Override
            public void onLink(Link link) {
                adopt(link);
                session.machine().fire(new FrontendEvent.LinkOpened(link));
            }

            @Override
            public void onFailure(LinkFailure failure) {
                session.machine().fire(new FrontendEvent.LinkRefused(failure));
            }

            @Override
            public boolean isWanted() {
                return !session.machine().isClosed();
            }
        });
    }

    private LinkSpec spec(Route route) {
        return new LinkSpec(route, member.conversation().profile());
    }

    private void adopt(Link link) {
        link.lendTo(this);
        current = link;
        node.seen(member.key(), link);
        link.userTakes(session.client().isWritable());
    }

    /** A session that lives has a link ready where it will go. */
    void prepare(Route next, Runnable then) {
        loop.links().warmUp(spec(next), then);
    }

    // ---- questions of the proxy's own

    void describe(Link link) {
        flush();
        link.ask(member.conversation().describe(link.facts()), node.times().describeHeld(), this::described);
    }

    void survey(Link link) {
        flush();
        link.ask(member.conversation().describe(link.facts()), this::described);
    }

    private void described(Optional<Described> described) {
        member.described(described);
        session.machine().fire(new FrontendEvent.DescriptionCame(described));
    }

    void hearOut(Link link) {
        flush();
        link.ask(
                member.conversation().hearOut(link.facts()),
                node.times().describe(),
                stands -> session.machine().fire(new FrontendEvent.HeardOut(stands.orElse(false))));
    }

    void replay(Link link, SessionState state) {
        link.ask(
                member.conversation().replay(state, link.facts()),
                node.times().link(),
                outcome -> session.machine().fire(new FrontendEvent.ReplayCame(outcome)));
    }

    void cancel(Link link, Runnable done) {
        loop.links().cancel(link, done);
    }

    // ---- leaving it

    void giveBack(Link link) {
        // A link that is kept warm on a held or left server would only stand in the way of a fence.
        if (member.lane().isHolding()
                || !isCurrent(link)
                || member.conversation().leavesTraces()) {
            discard(link);
            return;
        }
        forget(link);
        loop.links().giveBack(link);
    }

    void discard(Link link) {
        forget(link);
        loop.links().discard(link);
    }

    void cut(Link link) {
        forget(link);
        link.close();
    }

    /** Whichever it is on. */
    void cutCurrent() {
        if (current != null) {
            cut(current);
        }
    }

    private void forget(Link link) {
        if (current == link) {
            flush();
            current = null;
            link.userTakes(true);
            session.client().readGate().open(ReadGate.Reason.PEER_FULL);
        }
    }
}
