package dev.tdb.bench.jmh;

import dev.tdb.proxy.hold.GateLane;
import dev.tdb.proxy.hold.Holdable;
import dev.tdb.proxy.refusal.Refusal;
import dev.tdb.proxy.route.Route;

/** A session between units that has nothing to describe: it settles at once, and goes on at once. */
final class CalmSession implements Holdable {
    private final GateLane lane;
    private boolean settled;

    CalmSession(GateLane lane) {
        this.lane = lane;
    }

    @Override
    public boolean isSettled() {
        return settled;
    }

    @Override
    public boolean isInFlight() {
        return false;
    }

    @Override
    public boolean isParked() {
        return false;
    }

    @Override
    public long parkedBytes() {
        return 0;
    }

    @Override
    public String unmovableReason() {
        return "";
    }

    @Override
    public void holdBegan() {
        settled = true;
        lane.settled(this);
    }

    @Override
    public void routeSwitched() {}

    @Override
    public void holdEnded() {
        settled = false;
        lane.resumed(this, false);
    }

    @Override
    public void end(Refusal refusal) {
        lane.leave(this, refusal.label());
    }

    @Override
    public void hearOut(Runnable then) {
        then.run();
    }

    @Override
    public void prepare(Route next, Runnable then) {
        then.run();
    }

    @Override
    public void survey(Runnable then) {
        then.run();
    }
}
