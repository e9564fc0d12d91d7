package dev.tdb.proxy.observe;

import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jctools.queues.atomic.MpscAtomicArrayQueue;

/**
 * The way of query events from the event loops to the query log's writer: a bounded ring. When it is full an event is
 * dropped and counted, so that capture never slows a query.
 */
public final class QueryEvents {
    private final MpscAtomicArrayQueue<QueryEvent> ring;
    private final LongAdder dropped = new LongAdder();
    private final boolean wanted;

    /** @param capacity events, rounded up to a power of two */
    public QueryEvents(int capacity) {
        this(capacity, true);
    }

    private QueryEvents(int capacity, boolean wanted) {
        this.ring = new MpscAtomicArrayQueue<>(capacity);
        this.wanted = wanted;
    }

    /** Of a node without a query log: nothing need be offered, and what is goes nowhere. */
    public static QueryEvents off() {
        return new QueryEvents(2, false);
    }

    /** Whether anybody reads them; where not, none need be made. */
    public boolean areWanted() {
        return wanted;
    }

    /** From any thread; never blocks. */
    public void offer(QueryEvent event) {
        if (wanted && !ring.offer(event)) {
            dropped.increment();
        }
    }

    /**
     * From one thread only.
     *
     * @return how many were passed on, at most {@code max}
     */
    public int drain(Consumer<QueryEvent> consumer, int max) {
        return ring.drain(consumer::accept, max);
    }

    public long dropped() {
        return dropped.sum();
    }

    public int waiting() {
        return ring.size();
    }
}
