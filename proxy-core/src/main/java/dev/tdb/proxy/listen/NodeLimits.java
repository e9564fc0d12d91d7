package dev.tdb.proxy.listen;

/**
 * Bounds of all sessions of a node together.
 *
 * @param connectionsMax clients at once, of all listeners
 * @param heldBytesMax bytes of all clients that may wait on hold
 * @param keptBytesMax what is remembered of all sessions so that they can move, such as texts of prepared statements
 */
public record NodeLimits(int connectionsMax, long heldBytesMax, long keptBytesMax) {
    public NodeLimits {
        if (connectionsMax < 1 || heldBytesMax < 1 || keptBytesMax < 0) {
            throw new IllegalArgumentException("a bound below its least");
        }
    }

    public static NodeLimits defaults() {
        return new NodeLimits(20_000, 256L << 20, 256L << 20);
    }

    public NodeLimits withHeldBytesMax(long bytes) {
        return new NodeLimits(connectionsMax, bytes, keptBytesMax);
    }
}
