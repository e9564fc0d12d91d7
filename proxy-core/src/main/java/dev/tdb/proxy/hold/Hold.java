package dev.tdb.proxy.hold;

import dev.tdb.proxy.refusal.Refusal;
import java.util.concurrent.CompletableFuture;

/** A standing hold on one route of this node: a counted token. All methods are idempotent and may race. */
public interface Hold {
    /** The route's epoch when the hold was taken. */
    long epoch();

    /** Done when no loop of the node admits a new unit any more: the node's acknowledgement. */
    CompletableFuture<Void> acknowledged();

    /**
     * Done when nothing is in flight, every session has been described, and whoever subscribed has heard what was
     * published by the last unit. It stays so until the last hold of the route is given back.
     */
    CompletableFuture<Void> drained();

    /** What the hold has to do with, now. From any thread; counts of the loops, added. */
    CompletableFuture<HoldStatus> status();

    /** Ends every session that is still in flight, each with {@code refusal}, once. */
    CompletableFuture<Integer> kill(Refusal refusal);

    /**
     * The route has a new target: old links are closed, and sessions with subscriptions are moved. Done when they stand
     * on the new server. Call after the new table was published.
     */
    CompletableFuture<Void> switched();

    /**
     * Takes the token back; when it was the last one, units go on, in their order of arrival, on the route as it is then.
     *
     * @return what became of the sessions, once all of them go on or are gone
     */
    CompletableFuture<Released> release();
}
