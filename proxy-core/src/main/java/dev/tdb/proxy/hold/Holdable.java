package dev.tdb.proxy.hold;

import dev.tdb.proxy.refusal.Refusal;
import dev.tdb.proxy.route.Route;

/** A session, as a gate sees it. Belongs to its event loop, as its lane does. */
public interface Holdable {
    /** Whether nothing of it is in flight and its state is known: it may be moved now. */
    boolean isSettled();

    /** Whether a unit has begun and not ended. */
    boolean isInFlight();

    /** Whether something of it waits. */
    boolean isParked();

    /** Bytes that wait. */
    long parkedBytes();

    /** Why it could not be moved if it had to; empty when it could, or when that is not known. */
    String unmovableReason();

    /** No new unit may begin. The session calls {@link GateLane#settled} when it is. */
    void holdBegan();

    /** The route leads elsewhere: leave the old link. */
    void routeSwitched();

    /** Units may begin again, on the route as it is now. The session calls {@link GateLane#resumed}. */
    void holdEnded();

    /** End now, with a last word. */
    void end(Refusal refusal);

    /**
     * Nothing of the route is in flight any more. {@code then} runs on the loop when the session, if it has subscribed, was
     * told all that was published until now; at once where there is nothing to wait for.
     */
    void hearOut(Runnable then);

    /** Have a link to {@code next} ready, for when the session goes there; {@code then} runs on the loop. */
    void prepare(Route next, Runnable then);

    /** Find out, without a hold, whether it could move; {@code then} runs on the loop, at once or later. */
    void survey(Runnable then);
}
