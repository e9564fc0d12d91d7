package dev.tdb.proxy.frontend;

import dev.tdb.proxy.route.RouteKey;
import dev.tdb.proxy.route.ServerAddress;
import java.time.Instant;
import java.util.Optional;

/**
 * One connected client, for people.
 *
 * @param number unique on this node while it is connected
 * @param state of the proxy's machine
 * @param activity of the protocol
 * @param since when it connected
 * @param server where its link leads; empty while it has none
 */
public record SessionInfo(
        int number,
        RouteKey route,
        String credential,
        String client,
        boolean tls,
        String state,
        String activity,
        Instant since,
        Optional<ServerAddress> server) {}
