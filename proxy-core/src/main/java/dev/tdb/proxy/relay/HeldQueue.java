package dev.tdb.proxy.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;

/**
 * What a client sent and nobody may have yet, in order. Owns its buffers; counted in the loop's {@link HeldBytes}.
 *
 * <p>A session's own bound is soft: once {@link #isFull()}, the session stops reading, and what one read brought is
 * still taken. The loop's bound is hard.
 */
public final class HeldQueue {
    private final HeldBytes budget;
    private final long limitBytes;
    private CompositeByteBuf bytes;

    public HeldQueue(ByteBufAllocator allocator, HeldBytes budget, long limitBytes) {
        this.budget = budget;
        this.limitBytes = limitBytes;
        this.bytes = allocator.compositeBuffer(Integer.MAX_VALUE);
    }

    /**
     * Owns {@code more} from here on when it answers true.
     *
     * @return false when the loop's bound would be passed: {@code more} stays the caller's
     */
    public boolean offer(ByteBuf more) {
        if (!budget.take(more.readableBytes())) {
            return false;
        }
        bytes.addComponent(true, more);
        return true;
    }

    public boolean isEmpty() {
        return !bytes.isReadable();
    }

    public boolean isFull() {
        return bytes.readableBytes() >= limitBytes;
    }

    public long limitBytes() {
        return budget.limitBytes();
    }

    public int size() {
        return bytes.readableBytes();
    }

    /** Everything that waited; the caller owns it, and the queue is empty. */
    public ByteBuf takeAll() {
        ByteBuf all = bytes;
        budget.give(all.readableBytes());
        bytes = all.alloc().compositeBuffer(Integer.MAX_VALUE);
        return all;
    }

    /** Releases what waits. The queue takes no more after it. */
    public void close() {
        budget.give(bytes.readableBytes());
        bytes.release();
        bytes = io.netty.buffer.ByteBufAllocator.DEFAULT.compositeBuffer(1);
    }
}
