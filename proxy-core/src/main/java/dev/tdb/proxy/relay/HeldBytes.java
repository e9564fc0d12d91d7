package dev.tdb.proxy.relay;

/** The bytes that wait on one event loop, and their bound. Belongs to that loop. */
public final class HeldBytes {
    private final long limitBytes;
    private long heldBytes;

    public HeldBytes(long limitBytes) {
        this.limitBytes = limitBytes;
    }

    void add(long bytes) {
        heldBytes += bytes;
    }

    public boolean isOverLimit() {
        return heldBytes > limitBytes;
    }

    public long heldBytes() {
        return heldBytes;
    }

    public long limitBytes() {
        return limitBytes;
    }
}
