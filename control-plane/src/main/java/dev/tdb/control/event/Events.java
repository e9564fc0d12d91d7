package dev.tdb.control.event;

import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** A bus of events. Publishing never blocks: a subscriber whose queue is full is cut off. */
public final class Events {
    /** Events that may wait for one subscriber. */
    public static final int QUEUE_EVENTS_MAX = 1024;

    private final InstantSource clock;
    private final AtomicLong lastId = new AtomicLong();
    private final CopyOnWriteArrayList<Subscription> subscriptions = new CopyOnWriteArrayList<>();

    public Events(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * Tells everyone who listens.
     *
     * @param project empty for what concerns the installation
     * @param tenant empty when it is about no single one
     */
    public void publish(String type, String project, String tenant, Map<String, Object> data) {
        Event event = new Event(lastId.incrementAndGet(), clock.instant(), type, project, tenant, data);
        subscriptions.forEach(subscription -> subscription.offer(event));
    }

    /**
     * Listens from now on, until closed.
     *
     * @param project only events of this one; empty for all
     */
    public Subscription subscribe(String project) {
        Subscription subscription = new Subscription(project, QUEUE_EVENTS_MAX, subscriptions::remove);
        subscriptions.add(subscription);
        return subscription;
    }

    /** How many listen now. */
    public int subscribers() {
        return subscriptions.size();
    }
}
