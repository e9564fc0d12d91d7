package dev.tdb.proxy.relay;

/** The bytes that wait on hold on one event loop, and their bound. Belongs to that loop. */
public final class HeldBytes {
    private final long limitBytes;
    private long heldBytes;

    public HeldBytes(long limitBytes) {
        this.limitBytes = limitBytes;
    }

    /** @return false, and nothing taken, when the bound would be passed */
    boolean take(long bytes) {
        if (heldBytes + bytes > limitBytes) {
            return false;
        }
        heldBytes += bytes;
        return true;
    }

    void give(long bytes) {
        heldBytes -= bytes;
    }

    public long heldBytes() {
        return heldBytes;
    }

    public long limitBytes() {
        return limitBytes;
    }
}
