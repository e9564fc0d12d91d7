package dev.tdb.proxy.frontend;

import dev.tdb.proxy.credential.Credential;
import dev.tdb.proxy.route.RouteKey;

/**
 * Where a client that is in wants to go on.
 *
 * @param credential by which it may; the present one, or that of another login on the same connection
 * @param isFresh whether it goes without what it has built up, as after a login
 */
public record Destination(Credential credential, RouteKey route, boolean isFresh) {}
