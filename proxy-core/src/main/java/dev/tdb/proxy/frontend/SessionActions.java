package dev.tdb.proxy.frontend;

import dev.tdb.proxy.backend.Link;
import dev.tdb.proxy.credential.Credential;
import dev.tdb.proxy.hold.HoldTerms;
import dev.tdb.proxy.refusal.ProtocolViolation;
import dev.tdb.proxy.refusal.Refusal;
import dev.tdb.proxy.relay.HeldQueue;
import dev.tdb.proxy.relay.ReadGate;
import dev.tdb.proxy.route.Route;
import dev.tdb.proxy.route.RouteKey;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the states may do, done. From the login on there are a {@link SessionMember}, the session's place in its gate, and
 * a {@link SessionLink}, its way to a server. Belongs to the session's event loop.
 */
final class SessionActions implements FrontendActions {
    private static final Logger log = LoggerFactory.getLogger(SessionActions.class);

    /** What there is from the login on. */
    private record LoggedIn(SessionMember member, SessionLink link) {}

    private final FrontendSession session;
    private final ProtocolNode node;
    private final FrontendLoop loop;
    private @Nullable LoggedIn loggedIn;

    SessionActions(FrontendSession session, ProtocolNode node, FrontendLoop loop) {
        this.session = session;
        this.node = node;
        this.loop = loop;
    }

    boolean isLoggedIn() {
        return loggedIn != null;
    }

    void loggedIn(Login login) {
        SessionMember member = SessionMember.join(session, node, loop.loop(), login);
        loggedIn = new LoggedIn(member, new SessionLink(session, node, loop, member));
    }

    private LoggedIn loggedIn() {
        if (loggedIn == null) {
            throw new IllegalStateException("nobody is logged in");
        }
        return loggedIn;
    }

    private SessionMember member() {
        return loggedIn().member;
    }

    private SessionLink link() {
        return loggedIn().link;
    }

    // ---- what the session and its machine ask

    /** What the client got in with. */
    Credential credential() {
        return member().login().credential();
    }

    SessionInfo info(int number, String client, boolean tls, String state, Instant since) {
        Login login = member().login();
        return new SessionInfo(
                number,
                login.route(),
                login.credential().id(),
                client,
                tls,
                state,
                login.conversation().activity(),
                since,
                link().server());
    }

    /** The state changed. */
    void moved(FrontendState next) {
        if (loggedIn != null) {
            loggedIn.member.moved(next);
        }
        if (next instanceof Closed) {
            node.sessions().remove(session.number());
        }
    }

    /** Sends what was written to either side. */
    void flush() {
        session.client().flush();
        if (loggedIn != null) {
            loggedIn.link.flush();
        }
    }

    void clientWritable(boolean writable) {
        if (loggedIn != null) {
            loggedIn.link.clientWritable(writable);
        }
    }

    void dropLink() {
        if (loggedIn != null) {
            loggedIn.link.cutCurrent();
        }
    }

    void prepare(Route next, Runnable then) {
        link().prepare(next, then);
    }

    ByteBuf takeHandshakeRest() {
        return session.reception().takeRest();
    }

    /** {@link Conversation#answersClient}, once there is one. */
    boolean answersClient() {
        return loggedIn != null && conversation().answersClient();
    }

    // ---- what states ask

    @Override
    public Conversation conversation() {
        return member().conversation();
    }

    @Override
    public SessionTimes times() {
        return node.times();
    }

    @Override
    public String database() {
        return loggedIn == null ? "" : loggedIn.member.key().database().toString();
    }

    @Override
    public void toHandshake(ByteBuf bytes) {
        session.reception().onBytes(bytes);
    }

    @Override
    public boolean welcomeUnlinked() {
        return conversation().welcomeUnlinked(node.lastSeen(member().key()));
    }

    @Override
    public Optional<Route> route() {
        return node.routes().find(member().key());
    }

    @Override
    public Optional<Route> route(RouteKey key) {
        return node.routes().find(key);
    }

    @Override
    public void depart(Destination destination) {
        member().moveTo(new Login(destination.credential(), destination.route(), conversation()));
        link().routeChanged();
        conversation().departed();
        if (!node.admission().stands(destination.credential())) {
            // It ended while the client was proving that it knows it.
            session.endAtSafePointSoon(Admission.refusal());
        }
    }

    @Override
    public boolean isHolding() {
        return member().lane().isHolding();
    }

    @Override
    public boolean isCurrent(Link link) {
        return link().isCurrent(link);
    }

    @Override
    public HoldTerms terms() {
        return member().lane().terms();
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
                session.client().channel().alloc(),
                loop.heldBytes(),
                node.limits().heldBytesMax());
    }

    @Override
    public void toClient(ByteBuf bytes) {
        if (bytes.isReadable()) {
            session.client().write(bytes);
        } else {
            bytes.release();
        }
    }

    @Override
    public void toServer(Link link, ByteBuf bytes) {
        if (bytes.isReadable()) {
            link().write(link, bytes);
        } else {
            bytes.release();
        }
    }

    /** A conversation's own bytes, to the link that the session is on. */
    void toServer(ByteBuf bytes) {
        link().write(bytes);
    }

    @Override
    public int scanClient(ByteBuf bytes, boolean presentUnitOnly) {
        try {
            int before = bytes.readableBytes();
            int count = conversation().fromClient(bytes, presentUnitOnly);
            if (count > 0 || bytes.readableBytes() < before) {
                member().unitSentOn();
            }
            if (conversation().isPipelineFull()) {
                session.client().readGate().shut(ReadGate.Reason.PIPELINE_FULL);
            }
            return count;
        } catch (Throwable violation) {
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
        } catch (Throwable bug) {
            bytes.release();
            throw bug;
        }
        if (!session.client().readGate().isOpen() && !conversation().isPipelineFull()) {
            session.client().readGate().open(ReadGate.Reason.PIPELINE_FULL);
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
        } catch (Throwable bug) {
            bytes.release();
            throw bug;
        }
    }

    // ---- links

    @Override
    public void lease(Route route, Duration delay) {
        link().lease(route, delay);
    }

    @Override
    public void describe(Link link) {
        link().describe(link);
    }

    @Override
    public void survey(Link link) {
        link().survey(link);
    }

    @Override
    public void hearOut(Link link) {
        link().hearOut(link);
    }

    @Override
    public void replay(Link link, SessionState state) {
        link().replay(link, state);
    }

    @Override
    public void giveBack(Link link) {
        link().giveBack(link);
    }

    @Override
    public void discard(Link link) {
        link().discard(link);
    }

    @Override
    public void cut(Link link) {
        link().cut(link);
    }

    @Override
    public void cancel(Link link, Runnable done) {
        link().cancel(link, done);
    }

    // ---- accounts

    @Override
    public void unitEnded() {
        member().unitEnded();
    }

    @Override
    public void resumed(boolean onNewLink) {
        member().resumed(onNewLink);
    }

    @Override
    public void heldFor(long nanos) {
        member().heldFor(nanos);
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

    // ---- the end

    @Override
    public Closed sayAndClose(Refusal refusal) {
        countRefusal(refusal);
        member().ends(refusal);
        return close();
    }

    @Override
    public Closed close() {
        session.client().close(node.times().linger());
        return new Closed();
    }
}
