package dev.tdb.proxy.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.ArrayDeque;

/**
 * What a client sent and nobody may have yet, in order. Owns its buffers; counted in the loop's {@link HeldBytes}.
 *
 * <p>The bounds are kept by not reading: what one read brought is always taken, and when {@link #isFull()} the client is
 * read no more. So at most one read of each session stands above them.
 */
public final class HeldQueue {
    private final ByteBufAllocator allocator;
    private final HeldBytes budget;
    private final long limitBytes;
    private final ArrayDeque<ByteBuf> buffers = new ArrayDeque<>();
    private int size;
    private long sinceNanos;

    public HeldQueue(ByteBufAllocator allocator, HeldBytes budget, long limitBytes) {
        this.allocator = allocator;
        this.budget = budget;
        this.limitBytes = limitBytes;
    }

    /**
     * Owns {@code more} from here on.
     *
     * @param nowNanos on the clock of {@link #sinceNanos()}
     */
    public void add(ByteBuf more, long nowNanos) {
        if (!more.isReadable()) {
            more.release();
            return;
        }
        if (buffers.isEmpty()) {
            sinceNanos = nowNanos;
        }
        size += more.readableBytes();
        budget.add(more.readableBytes());
        buffers.add(more);
    }

    public boolean isEmpty() {
        return buffers.isEmpty();
    }

    /** As much as one session may keep waits here, or as much as all of them may. */
    public boolean isFull() {
        return size >= limitBytes || (!buffers.isEmpty() && budget.isOverLimit());
    }

    /** All sessions together keep more than they may. */
    public boolean isOverBudget() {
        return budget.isOverLimit();
    }

    public long budgetBytes() {
        return budget.limitBytes();
    }

    public int size() {
        return size;
    }

    /** When the oldest of what waits came; meaningless while nothing does. */
    public long sinceNanos() {
        return sinceNanos;
    }

    /** Everything that waited; the caller owns it, and the queue is empty. */
    public ByteBuf takeAll() {
        ByteBuf all = buffers.isEmpty() ? Unpooled.EMPTY_BUFFER : buffers.size() == 1 ? buffers.poll() : join();
        budget.add(-size);
        size = 0;
        return all;
    }

    /** What was taken and may not go yet: in front again, and as old as it was. Owns {@code rest}. */
    public void putBack(ByteBuf rest) {
        if (!rest.isReadable()) {
            rest.release();
            return;
        }
        size += rest.readableBytes();
        budget.add(rest.readableBytes());
        buffers.addFirst(rest);
    }

    /** Releases what waits. */
    public void clear() {
        takeAll().release();
    }

    private ByteBuf join() {
        var all = allocator.compositeBuffer(Math.max(2, buffers.size()));
        for (ByteBuf next = buffers.poll(); next != null; next = buffers.poll()) {
            all.addComponent(true, next);
        }
        return all;
    }
}
