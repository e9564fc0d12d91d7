package dev.tdb.proxy.hold;

import java.util.Map;

/**
 * Sessions of a route on hold, counted.
 *
 * @param sessions all
 * @param inFlight with a unit that has not ended
 * @param held with something waiting
 * @param heldBytes that wait
 * @param unmovable by reason, of those at a safe point
 */
public record HoldStatus(int sessions, int inFlight, int held, long heldBytes, Map<String, Integer> unmovable) {
    public HoldStatus {
        unmovable = Map.copyOf(unmovable);
    }

    public static HoldStatus none() {
        return new HoldStatus(0, 0, 0, 0, Map.of());
    }

    public HoldStatus plus(HoldStatus other) {
        return new HoldStatus(
                sessions + other.sessions,
                inFlight + other.inFlight,
                held + other.held,
                heldBytes + other.heldBytes,
                Released.sum(unmovable, other.unmovable));
    }
}
