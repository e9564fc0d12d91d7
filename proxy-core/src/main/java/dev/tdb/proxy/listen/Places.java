package dev.tdb.proxy.listen;

import java.util.concurrent.atomic.AtomicInteger;

/** Places for clients, of one listener or of a node. Who finds none is counted, too, until it is gone. From any thread. */
final class Places {
    private final int max;
    private final AtomicInteger taken = new AtomicInteger();

    Places(int max) {
        this.max = max;
    }

    int max() {
        return max;
    }

    /** @return how many there are now beyond those who have a place; not above 0 while everybody has one */
    int take() {
        return taken.incrementAndGet() - max;
    }

    void leave() {
        taken.decrementAndGet();
    }
}
