package dev.tdb.proxy.relay;

/**
 * What is remembered of the sessions of one event loop, in bytes, and its bound. Nobody waits for room: a session that
 * finds none goes on, and cannot move. Belongs to that loop.
 */
public final class KeptBytes {
    /** When half of the room is taken, no session gets more than this part of it. */
    private static final int FAIR_SHARE = 64;

    private final long limitBytes;
    private long keptBytes;

    public KeptBytes(long limitBytes) {
        this.limitBytes = limitBytes;
    }

    public static KeptBytes unbounded() {
        return new KeptBytes(Long.MAX_VALUE);
    }

    /** Whether a session of which {@code ownBytes} are kept may have {@code moreBytes}. */
    public boolean hasRoom(long ownBytes, long moreBytes) {
        return moreBytes <= limitBytes - keptBytes
                && (keptBytes <= limitBytes / 2 || ownBytes + moreBytes <= limitBytes / FAIR_SHARE);
    }

    /** Takes room, or gives it back when {@code bytes} are negative. */
    public void add(long bytes) {
        keptBytes += bytes;
    }

    public long keptBytes() {
        return keptBytes;
    }
}
