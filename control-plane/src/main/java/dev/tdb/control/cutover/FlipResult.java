package dev.tdb.control.cutover;

import dev.tdb.proxy.route.RouteKey;
import dev.tdb.proxy.route.ServerAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What a flip did, or, for a dry run, what it would find.
 *
 * @param operationId empty for a dry run
 * @param epoch the route's, afterwards
 * @param sameServer both addresses lead to one server, so that nothing was to be fenced
 * @param held sessions that had something waiting
 * @param drained sessions that were in flight when the hold began and came to a safe point in time
 * @param moved sessions that are on the new server with their state
 * @param stayed sessions whose link did not change
 * @param closedByReason sessions that ended, by reason; in a dry run those that would
 * @param holdTime from the first to the last moment the route was held
 * @param steps each with its duration, in order
 * @param warnings what the guard noticed and did not refuse
 */
public record FlipResult(
        String operationId,
        boolean dryRun,
        RouteKey route,
        ServerAddress from,
        ServerAddress to,
        long epoch,
        boolean sameServer,
        int sessions,
        int held,
        int drained,
        int moved,
        int stayed,
        Map<String, Integer> closedByReason,
        Duration holdTime,
        List<StepTime> steps,
        List<String> warnings) {
    /** How long one step took. */
    public record StepTime(String step, Duration duration) {}

    public FlipResult {
        closedByReason = Map.copyOf(closedByReason);
        steps = List.copyOf(steps);
        warnings = List.copyOf(warnings);
    }
}
