package dev.tdb.proxy.hold;

import dev.tdb.proxy.credential.CredentialBook;
import dev.tdb.proxy.route.Route;
import dev.tdb.proxy.route.RouteKey;
import dev.tdb.proxy.route.RouteTable;
import java.util.concurrent.CompletableFuture;

/** What the control plane may ask of the data path. All calls may come from any thread and return at once. */
public interface RouteControl {
    /**
     * Replaces the route table. A table that is not newer than the last, or takes an epoch back, is a bug and throws.
     *
     * @return done when every event loop goes by the new table
     */
    CompletableFuture<Void> publish(RouteTable table);

    /**
     * Replaces who may log in. Sessions that got in with a credential that is not in it any more end at their next safe
     * point, or when a unit that is under way takes too long; so do those of a credential that expires.
     */
    void publish(CredentialBook credentials);

    /** Takes a hold; any number may stand on one route. */
    Hold hold(RouteKey key, HoldTerms terms);

    /**
     * Opens links to where the route will lead, one for each of its sessions, so that they need not wait for them when
     * they move. They are warmed up, and bear no trace of it. Links that are not used soon are closed again.
     *
     * @param next the route as it will be: with its coming epoch
     * @return done when the links stand, or could not be opened
     */
    CompletableFuture<Void> prepare(Route next);

    /** Asks the servers of the route's idle sessions whether each could move; nothing is held. */
    CompletableFuture<HoldStatus> survey(RouteKey key);
}
