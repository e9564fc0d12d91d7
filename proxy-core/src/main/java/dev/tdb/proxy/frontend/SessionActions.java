package dev.tdb.proxy.frontend;

import dev.tdb.proxy.backend.Link;
import dev.tdb.proxy.backend.LinkFailure;
import dev.tdb.proxy.backend.LinkRequest;
import dev.tdb.proxy.backend.LinkSpec;
import dev.tdb.proxy.hold.GateLane;
import dev.tdb.proxy.hold.HoldTerms;
import dev.tdb.proxy.refusal.ProtocolViolation;
import dev.tdb.proxy.refusal.Refusal;
import dev.tdb.proxy.relay.HeldQueue;
import dev.tdb.proxy.relay.ReadGate;
import dev.tdb.proxy.route.Route;
import dev.tdb.proxy.route.RouteKey;
import dev.tdb.proxy.route.RouteTable;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the states may do, done on the real channels. Belongs to the session's event loop. */
final class SessionActions implements FrontendActions {
    private static final Logger log = LoggerFactory.getLogger(SessionActions.class);

    /** What is known from the login on. */
    private record Member(Login login, GateLane lane) {}

    private final FrontendSession session;
    private final ProtocolNode node;
    private final FrontendLoop loop;
    private @Nullable Member member;
    private @Nullable Link current;
    private boolean serverDirty;
    private boolean parked;
    private String surveyed = "";
    private String endReason = "";
    private RouteTable known = RouteTable.empty();
    private long knownEpoch;

    SessionActions(FrontendSession session, ProtocolNode node, FrontendLoop loop) {
        this.session = session;
        this.node = node;
        this.loop = loop;
    }

    boolean isLoggedIn() {
        return member != null;
    }

    void loggedIn(Login login) {
        GateLane lane = node.gates().lane(loop.loop(), login.route());
        member = new Member(login, lane);
        lane.join(session);
        node.meters().sessionBegan();
    }

    private Member member() {
        if (member == null) {
            throw new IllegalStateException("nobody is logged in");
        }
        return member;
    }

    SessionInfo info(int number, String client, boolean tls, String state, Instant since) {
        Login login = member().login;
        return new SessionInfo(
                number,
                login.route(),
                login.credential().id(),
                client,
                tls,
                state,
                login.conversation().activity(),
                since,
                Optional.ofNullable(current).map(link -> link.spec().target().address()));
    }

    String surveyedReason() {
        return surveyed;
    }

    /** The state changed: tells the lane what it has to know, and settles accounts at the end. */
    void moved(FrontendState next) {
        if (member == null) {
            return;
        }
        GateLane lane = member.lane;
        if (next instanceof Closed) {
            lane.leave(session, endReason);
            node.gates().retire(loop.loop(), lane);
            node.meters().sessionEnded();
            if (parked) {
                node.meters().parked(-1);
            }
            member.login.conversation().close();
            return;
        }
        if (parked != next.isParked()) {
            parked = next.isParked();
            lane.parked(session, parked);
            node.meters().parked(parked ? 1 : -1);
        }
        if (next.isSettled() && lane.isHolding()) {
            lane.settled(session);
        }
    }

    void clientWritable(boolean writable) {
        if (current != null) {
            current.userTakes(writable);
        }
    }

    /**
     * The connection to the server is gone.
     *
     * @return whether the session still was on it
     */
    boolean linkLost() {
        if (current == null) {
            return false;
        }
        forget(current);
        return true;
    }

    void flushServer() {
        if (serverDirty && current != null) {
            serverDirty = false;
            current.flush();
        }
    }

    /** A session that lives has a link ready where it will go. */
    void prepare(Route next, Runnable then) {
        loop.links().warmUp(new LinkSpec(next, conversation().profile()), then);
    }

    void dropCurrentLink() {
        if (current != null) {
            cut(current);
        }
    }

    // ---- what states ask

    @Override
    public Conversation conversation() {
        return member().login.conversation();
    }

    @Override
    public SessionTimes times() {
        return node.times();
    }

    @Override
    public String database() {
        return member == null ? "" : member.login.route().database().toString();
    }

    @Override
    public void toHandshake(ByteBuf bytes) {
        session.toHandshake(bytes);
    }

    @Override
    public boolean welcomeUnlinked() {
        return conversation().welcomeUnlinked(node.lastSeen(key()));
    }

    @Override
    public Optional<Route> route() {
        return node.routes().find(key());
    }

    private RouteKey key() {
        return member().login.route();
    }

    @Override
    public boolean isHolding() {
        return member().lane.isHolding();
    }

    @Override
    public boolean isCurrent(Link link) {
        RouteTable newest = node.routes();
        if (newest != known) {
            known = newest;
            knownEpoch = newest.find(key()).map(Route::epoch).orElse(0L);
        }
        return link.epoch() == knownEpoch;
    }

    @Override
    public HoldTerms terms() {
        return member().lane.terms();
    }

    @Override
    public Refusal holdRefusal(Duration waited) {
        return switch (terms().cause()) {
            case SUSPENDED -> new Refusal.Suspended(database());
            case PREPARING -> new Refusal.Provisioning(database());
            case DELETED -> new Refusal.Deleted(database());
            case CUTOVER -> new Refusal.HoldTimedOut(database(), waited);
        };
    }

    @Override
    public HeldQueue newQueue() {
        return new HeldQueue(
                session.channel().alloc(), loop.heldBytes(), node.limits().heldBytesMax());
    }

    @Override
    public void toClient(ByteBuf bytes) {
        session.toClient(bytes);
    }

    @Override
    public void toServer(Link link, ByteBuf bytes) {
        serverDirty = true;
        link.write(bytes);
    }

    @Override
    public int scanClient(ByteBuf bytes, boolean presentUnitOnly) {
        try {
            int count = conversation().fromClient(bytes, presentUnitOnly);
            if (conversation().isPipelineFull()) {
                session.readGate().shut(ReadGate.Reason.PIPELINE_FULL);
            }
            return count;
        } catch (RuntimeException violation) {
            bytes.release();
            throw violation;
        }
    }

    @Override
    public void scanServer(ByteBuf bytes) {
        try {
            conversation().fromServer(bytes);
        } catch (ProtocolViolation violation) {
            bytes.release();
            throw new ServerViolation(violation);
        } catch (RuntimeException bug) {
            bytes.release();
            throw bug;
        }
        if (!session.readGate().isOpen() && !conversation().isPipelineFull()) {
            session.readGate().open(ReadGate.Reason.PIPELINE_FULL);
        }
    }

    @Override
    public void scanServerWhileHeld(ByteBuf bytes) {
        try {
            conversation().fromServerWhileHeld(bytes);
        } catch (ProtocolViolation violation) {
            throw new ServerViolation(violation);
        } finally {
            bytes.release();
        }
    }

    @Override
    public int clientMessageRest(ByteBuf bytes) {
        try {
            return conversation().clientMessageRest(bytes);
        } catch (ProtocolViolation violation) {
            bytes.release();
            throw new ServerViolation(violation);
        } catch (RuntimeException bug) {
            bytes.release();
            throw bug;
        }
    }

    @Override
    public void lease(Route route, Duration delay) {
        if (delay.isZero()) {
            leaseNow(route);
        } else {
            loop.loop().schedule(() -> leaseNow(route), delay.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void leaseNow(Route route) {
        if (session.isClosed()) {
            return;
        }
        loop.links().lease(new LinkSpec(route, conversation().profile()), new LinkRequest() {
            @Override
            public void onLink(Link link) {
                adopt(link);
                session.fire(new FrontendEvent.LinkOpened(link));
            }

            @Override
            public void onFailure(LinkFailure failure) {
                session.fire(new FrontendEvent.LinkRefused(failure));
            }

            @Override
            public boolean isWanted() {
                return !session.isClosed();
            }
        });
    }

    private void adopt(Link link) {
        link.lendTo(session);
        current = link;
        node.seen(key(), link);
        link.userTakes(session.channel().isWritable());
    }

    @Override
    public void describe(Link link) {
        flushServer();
        link.ask(conversation().describe(link.facts()), node.times().describe(), described -> {
            surveyed = described.isPresent() && described.get() instanceof Described.Unmovable(String reason)
                    ? reason
                    : "";
            session.fire(new FrontendEvent.DescriptionCame(described));
        });
    }

    @Override
    public void hearOut(Link link) {
        flushServer();
        link.ask(
                conversation().hearOut(link.facts()),
                node.times().describe(),
                stands -> session.fire(new FrontendEvent.HeardOut(stands.orElse(false))));
    }

    @Override
    public void replay(Link link, SessionState state) {
        link.ask(
                conversation().replay(state, link.facts()),
                node.times().link(),
                outcome -> session.fire(new FrontendEvent.ReplayCame(outcome)));
    }

    @Override
    public void giveBack(Link link) {
        // A link that is kept warm on a held or left server would only stand in the way of a fence.
        if (isHolding() || !isCurrent(link)) {
            discard(link);
            return;
        }
        forget(link);
        loop.links().giveBack(link);
    }

    @Override
    public void discard(Link link) {
        forget(link);
        loop.links().discard(link);
    }

    @Override
    public void cut(Link link) {
        forget(link);
        link.close();
    }

    private void forget(Link link) {
        if (current == link) {
            flushServer();
            current = null;
            link.userTakes(true);
            session.readGate().open(ReadGate.Reason.PEER_FULL);
        }
    }

    @Override
    public void cancel(Link link, Runnable done) {
        loop.links().cancel(link, done);
    }

    @Override
    public void unitBegan() {
        surveyed = "";
    }

    @Override
    public void unitEnded() {
        node.meters().unitEnded();
    }

    @Override
    public void resumed(boolean onNewLink) {
        if (onNewLink) {
            node.meters().moved();
        }
        member().lane.resumed(session, onNewLink);
    }

    @Override
    public void heldFor(long nanos) {
        node.meters().held(nanos);
        conversation().heldFor(nanos);
    }

    @Override
    public void countRefusal(Refusal refusal) {
        node.meters().refused(refusal);
        log.atDebug()
                .addKeyValue("conn", session.number())
                .addKeyValue("tenant", database())
                .addKeyValue("refusal", refusal.label())
                .log("refused");
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public Closed sayAndClose(Refusal refusal) {
        countRefusal(refusal);
        if (refusal instanceof Refusal.SessionCannotMove(String _, String reason)) {
            endReason = reason;
            node.meters().unmovable(reason);
        } else {
            endReason = refusal.label();
        }
        conversation().farewell(refusal);
        return close();
    }

    @Override
    public Closed close() {
        Channel channel = session.channel();
        ChannelFuture flushed = channel.writeAndFlush(Unpooled.EMPTY_BUFFER);
        flushed.addListener(ChannelFutureListener.CLOSE);
        if (!flushed.isDone()) {
            // A client that takes nothing any more would keep the connection, and what was written, for ever.
            var cut = loop.loop()
                    .schedule(() -> channel.close(), node.times().linger().toMillis(), TimeUnit.MILLISECONDS);
            channel.closeFuture().addListener(_ -> cut.cancel(false));
        }
        return new Closed();
    }
}
