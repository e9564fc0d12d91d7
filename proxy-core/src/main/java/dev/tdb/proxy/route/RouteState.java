package dev.tdb.proxy.route;

import java.time.Duration;

/** What the data path does with units of a route. A cutover's hold is not here: it is a token of the gate. */
public sealed interface RouteState {
    /** Units pass. */
    record Open() implements RouteState {}

    /** Units wait for {@code patience}, counted from their arrival, and are then refused; zero refuses at once. */
    record Suspended(Duration patience) implements RouteState {}

    /** Being created, restored or recovered: as suspended. */
    record Preparing(Duration patience) implements RouteState {}

    /** In the trash: units and logins are refused. */
    record Deleted() implements RouteState {}
}
