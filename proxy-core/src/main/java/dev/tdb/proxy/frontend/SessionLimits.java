package dev.tdb.proxy.frontend;

/**
 * Bounds of one session.
 *
 * @param heldBytesMax what it may send while it is on hold, before it is read no more
 * @param writeLowBytes below which a peer that was full is written to again
 * @param writeHighBytes above which a peer is full: the other side is read no more
 */
public record SessionLimits(int heldBytesMax, int writeLowBytes, int writeHighBytes) {
    public static SessionLimits defaults() {
        return new SessionLimits(1 << 20, 32 << 10, 64 << 10);
    }
}
