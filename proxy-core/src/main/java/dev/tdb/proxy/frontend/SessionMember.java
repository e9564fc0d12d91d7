package dev.tdb.proxy.frontend;

import dev.tdb.proxy.hold.GateLane;
import dev.tdb.proxy.hold.Holdable;
import dev.tdb.proxy.observe.Meters;
import dev.tdb.proxy.refusal.Refusal;
import dev.tdb.proxy.route.Route;
import dev.tdb.proxy.route.RouteKey;
import io.netty.channel.EventLoop;
import java.util.Optional;

/**
 * A session as a member of its route's gate, from the login on: what the gate tells is an event for the machine, and of
 * each move of the machine the gate and the meters are told what they have to know.
 */
final class SessionMember implements Holdable {
    private final FrontendSession session;
    private final ProtocolNode node;
    private final EventLoop loop;
    private Login login;
    private GateLane lane;
    private boolean parked;
    private boolean unitOpen;
    private String surveyed = "";
    private String endReason = "";

    private SessionMember(FrontendSession session, ProtocolNode node, EventLoop loop, Login login) {
        this.session = session;
        this.node = node;
        this.loop = loop;
        this.login = login;
        this.lane = node.gates().lane(loop, login.route());
    }

    static SessionMember join(FrontendSession session, ProtocolNode node, EventLoop loop, Login login) {
        SessionMember member = new SessionMember(session, node, loop, login);
        member.lane.join(member);
        node.meters().sessionBegan();
        return member;
    }

    /** The session goes on elsewhere, with nothing in flight. */
    void moveTo(Login next) {
        lane.leave(this, "");
        node.gates().retire(loop, lane);
        login = next;
        lane = node.gates().lane(loop, next.route());
        lane.join(this);
        surveyed = "";
    }

    Login login() {
        return login;
    }

    RouteKey key() {
        return login.route();
    }

    Conversation conversation() {
        return login.conversation();
    }

    /** Holds and their terms. */
    GateLane lane() {
        return lane;
    }

    // ---- what the gate asks and tells

    private FrontendState state() {
        return session.machine().state();
    }

    private void fire(FrontendEvent event) {
        session.machine().fire(event);
    }

    @Override
    public boolean isSettled() {
        return state().isSettled();
    }

    @Override
    public boolean isInFlight() {
        return state().isInFlight();
    }

    @Override
    public boolean isParked() {
        return state().isParked();
    }

    @Override
    public long parkedBytes() {
        return state().parkedBytes();
    }

    @Override
    public String unmovableReason() {
        return state() instanceof Held held && held.described() instanceof Described.Unmovable(String reason)
                ? reason
                : surveyed;
    }

    @Override
    public void holdBegan() {
        fire(new FrontendEvent.HoldBegan());
    }

    @Override
    public void routeSwitched() {
        fire(new FrontendEvent.RouteSwitched());
    }

    @Override
    public void holdEnded() {
        fire(new FrontendEvent.HoldEnded());
    }

    @Override
    public void end(Refusal refusal) {
        fire(new FrontendEvent.EndAsked(refusal));
    }

    @Override
    public void hearOut(Runnable then) {
        fire(new FrontendEvent.HearOutAsked(then));
    }

    @Override
    public void prepare(Route next, Runnable then) {
        session.actions().prepare(next, then);
    }

    @Override
    public void survey(Runnable then) {
        fire(new FrontendEvent.SurveyAsked(then));
    }

    // ---- what the gate and the meters are told

    /** The state changed. Accounts are settled at the end. */
    void moved(FrontendState next) {
        if (next instanceof Closed) {
            left();
            return;
        }
        if (parked != next.isParked()) {
            parked = next.isParked();
            lane.parked(this, parked);
            meters().parked(parked ? 1 : -1);
        }
        if (next.isSettled() && lane.isHolding()) {
            lane.settled(this);
        }
    }

    private void left() {
        lane.leave(this, endReason);
        node.gates().retire(loop, lane);
        meters().sessionEnded();
        if (parked) {
            meters().parked(-1);
        }
        conversation().close();
    }

    /** The session goes on after a hold. */
    void resumed(boolean onNewLink) {
        if (onNewLink) {
            meters().moved();
        }
        lane.resumed(this, onNewLink);
    }

    /** What the last question said is known until a unit begins, which may change it. */
    void described(Optional<Described> described) {
        surveyed = described.isPresent() && described.get() instanceof Described.Unmovable(String reason) ? reason : "";
    }

    /** Something of a unit goes to the server. */
    void unitSentOn() {
        unitOpen = true;
        surveyed = "";
    }

    /** A safe point is reached. The server may also have told something unasked, in two pieces. */
    void unitEnded() {
        if (unitOpen) {
            unitOpen = false;
            meters().unitEnded();
        }
    }

    void heldFor(long nanos) {
        meters().held(nanos);
        conversation().heldFor(nanos);
    }

    /** The session ends, and this is what the client is told. */
    void ends(Refusal refusal) {
        if (refusal instanceof Refusal.SessionCannotMove(String _, String reason)) {
            endReason = reason;
            meters().unmovable(reason);
        } else {
            endReason = refusal.label();
        }
        conversation().farewell(refusal);
    }

    private Meters meters() {
        return node.meters();
    }
}
