package dev.tdb.control.route;

import dev.tdb.proxy.route.RouteKey;
import dev.tdb.proxy.route.RouteState;
import dev.tdb.proxy.route.ServerAddress;
import java.time.Instant;

/**
 * A route, as an operator sees it: without logins.
 *
 * @param hostId of the registered host; empty for an address that is not registered
 * @param database the physical database
 */
public record RouteView(
        RouteKey key,
        String hostId,
        ServerAddress address,
        String database,
        long epoch,
        RouteState state,
        Instant changedAt) {}
