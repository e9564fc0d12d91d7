package dev.tdb.proxy.hold;

import dev.tdb.proxy.refusal.Refusal;
import dev.tdb.proxy.route.Route;
import dev.tdb.proxy.route.RouteKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A session as a gate may expect one to be; what it does by itself, {@link #step()} does. What a gate owes it, it checks
 * itself: an end comes behind a beginning, and nobody is killed who keeps nobody waiting.
 */
final class ModelSession implements Holdable {
    /** What it is about. */
    enum Doing {
        LINKING,
        IDLE,
        BUSY,
        DESCRIBING,
        HELD,
        HEARING_OUT,
        GONE
    }

    /** What the sessions of a route share: where it leads, and a clock that ticks when something is told or asked. */
    static final class Shared {
        long epoch = 1;
        long clock = 1;
        long toldAt;

        /** Sessions that ended while a hold stood, for a reason; what they were told of its end is in their endings. */
        final Map<ManualLoop, Integer> closedOnHold = new HashMap<>();
    }

    /** What became of it when a hold ended; a hold that begins before it went on says no more of it. */
    static final class Ending {
        final boolean parked;
        boolean over;
        boolean wentOn;
        boolean moved;
        boolean moveIsDoubtful;
        String reason = "";

        private Ending(boolean parked) {
            this.parked = parked;
        }
    }

    private final Shared shared;
    private final HoldGates gates;
    private final ManualLoop loop;
    private final GateLane lane;
    private final boolean subscribes;
    private final List<Runnable> waiting = new ArrayList<>();
    private final List<Runnable> late = new ArrayList<>();
    private final List<Ending> endings = new ArrayList<>();
    private Doing doing = Doing.LINKING;
    private long epoch;
    private long askedAt;
    private boolean subscribed;
    private boolean parked;
    private boolean toldOfHold;
    private boolean movedAtSwitch;
    private boolean moveIsDoubtful;

    private ModelSession(Shared shared, HoldGates gates, ManualLoop loop, GateLane lane, boolean subscribes) {
        this.shared = shared;
        this.gates = gates;
        this.loop = loop;
        this.lane = lane;
        this.subscribes = subscribes;
    }

    /** Logs in; while a hold stands it has no link, and is held at once. */
    static ModelSession join(Shared shared, HoldGates gates, ManualLoop loop, RouteKey key, boolean subscribes) {
        ModelSession session = new ModelSession(shared, gates, loop, gates.lane(loop, key), subscribes);
        session.lane.join(session);
        if (session.lane.isHolding()) {
            session.toldOfHold = true;
            session.becomeHeld();
        }
        return session;
    }

    Doing doing() {
        return doing;
    }

    ManualLoop loop() {
        return loop;
    }

    /** Every hold's end that it was told of. */
    List<Ending> endings() {
        return endings;
    }

    /** Whether it has subscribed, and was not asked to hear its server out since something was told last. */
    boolean missesSomething() {
        return doing != Doing.GONE && subscribed && askedAt < shared.toldAt;
    }

    /** Does what it would do next by itself. */
    void step() {
        switch (doing) {
            case LINKING -> {
                epoch = shared.epoch;
                if (lane.isHolding()) {
                    moveIsDoubtful |= !movedAtSwitch;
                    becomeHeld();
                } else {
                    doing = Doing.IDLE;
                    goesOn(true);
                }
            }
            case IDLE -> doing = Doing.BUSY;
            case BUSY -> {
                subscribed = subscribes;
                shared.toldAt = shared.clock++;
                doing = lane.isHolding() ? Doing.DESCRIBING : Doing.IDLE;
            }
            case DESCRIBING -> settleOrGoOn();
            case HELD -> park(!parked);
            case HEARING_OUT -> heard();
            case GONE -> {}
        }
    }

    private void heard() {
        if (lane.isHolding() && !late.isEmpty()) {
            askedAt = shared.clock++;
            List<Runnable> answered = List.copyOf(waiting);
            waiting.clear();
            waiting.addAll(late);
            late.clear();
            answered.forEach(Runnable::run);
        } else {
            settleOrGoOn();
            runAll();
        }
    }

    private void settleOrGoOn() {
        if (lane.isHolding()) {
            becomeHeld();
        } else {
            goOn();
        }
    }

    private void becomeHeld() {
        doing = Doing.HELD;
        lane.settled(this);
    }

    private void goOn() {
        park(false);
        doing = epoch == shared.epoch ? Doing.IDLE : Doing.LINKING;
        if (doing == Doing.IDLE) {
            goesOn(false);
        }
    }

    private void goesOn(boolean onNewLink) {
        if (!endings.isEmpty() && !endings.getLast().over) {
            Ending ending = endings.getLast();
            ending.over = true;
            ending.wentOn = true;
            ending.moved = onNewLink || movedAtSwitch;
            ending.moveIsDoubtful = moveIsDoubtful;
        }
        lane.resumed(this, onNewLink);
    }

    private void park(boolean waits) {
        if (parked != waits) {
            parked = waits;
            lane.parked(this, waits);
        }
    }

    /** @param reason as {@link GateLane#leave} takes it */
    void leave(String reason) {
        if (doing == Doing.GONE) {
            return;
        }
        doing = Doing.GONE;
        if (lane.isHolding() && !reason.isEmpty()) {
            shared.closedOnHold.merge(loop, 1, Integer::sum);
        }
        if (!endings.isEmpty() && !endings.getLast().over) {
            endings.getLast().over = true;
            endings.getLast().reason = reason;
        }
        lane.leave(this, reason);
        gates.retire(loop, lane);
        runAll();
    }

    private void runAll() {
        List<Runnable> all = new ArrayList<>(waiting);
        all.addAll(late);
        waiting.clear();
        late.clear();
        all.forEach(Runnable::run);
    }

    // ---- what the gate says

    @Override
    public boolean isSettled() {
        return doing == Doing.HELD || doing == Doing.GONE;
    }

    @Override
    public boolean isInFlight() {
        return doing == Doing.BUSY;
    }

    @Override
    public boolean isParked() {
        return parked;
    }

    @Override
    public long parkedBytes() {
        return parked ? 1 : 0;
    }

    @Override
    public String unmovableReason() {
        return "";
    }

    @Override
    public void holdBegan() {
        if (!toldOfHold) {
            movedAtSwitch = false;
            moveIsDoubtful = false;
            if (!endings.isEmpty()) {
                endings.getLast().over = true;
            }
        }
        toldOfHold = true;
        if (doing == Doing.IDLE) {
            doing = Doing.DESCRIBING;
        }
    }

    @Override
    public void holdEnded() {
        if (!toldOfHold) {
            throw new AssertionError("told of an end before a beginning: " + this);
        }
        toldOfHold = false;
        endings.add(new Ending(parked));
        switch (doing) {
            case HELD -> goOn();
            case IDLE, BUSY -> goesOn(false);
            case LINKING, DESCRIBING, HEARING_OUT -> {}
            case GONE -> throw new AssertionError("told when it was gone");
        }
    }

    @Override
    public void routeSwitched() {
        if (doing == Doing.HELD && subscribed && epoch != shared.epoch) {
            doing = Doing.LINKING;
            movedAtSwitch = true;
        } else if (!isSettled()) {
            moveIsDoubtful = true;
        }
    }

    @Override
    public void end(Refusal refusal) {
        if (isSettled()) {
            throw new AssertionError("killed, though it kept nobody waiting: " + this);
        }
        leave(refusal.label());
    }

    @Override
    public void hearOut(Runnable then) {
        if (doing == Doing.HEARING_OUT) {
            late.add(then);
        } else if (doing == Doing.HELD && subscribed) {
            doing = Doing.HEARING_OUT;
            askedAt = shared.clock++;
            waiting.add(then);
        } else {
            then.run();
        }
    }

    @Override
    public void prepare(Route next, Runnable then) {
        then.run();
    }

    @Override
    public void survey(Runnable then) {
        then.run();
    }

    @Override
    public String toString() {
        return doing + (parked ? " parked" : "") + (subscribed ? " subscribed" : "") + " at " + epoch;
    }
}
