package dev.tdb.control.event;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** One listener's bounded queue of events. Read by one thread. */
public final class Subscription implements AutoCloseable {
    private final String project;
    private final BlockingQueue<Event> queue;
    private final Consumer<Subscription> leave;
    private volatile boolean cut;

    Subscription(String project, int capacity, Consumer<Subscription> leave) {
        this.project = project;
        this.queue = new ArrayBlockingQueue<>(capacity);
        this.leave = leave;
    }

    void offer(Event event) {
        if (!project.isEmpty() && !project.equals(event.project())) {
            return;
        }
        if (!cut && !queue.offer(event)) {
            cut = true;
            leave.accept(this);
        }
    }

    /** The next event, or empty when none comes in time. After {@link #cut()} what still waits is given out first. */
    public Optional<Event> next(Duration timeout) throws InterruptedException {
        return Optional.ofNullable(queue.poll(timeout.toNanos(), TimeUnit.NANOSECONDS));
    }

    /** Whether events were lost because this listener was too slow: nothing more will come. */
    public boolean cut() {
        return cut;
    }

    @Override
    public void close() {
        leave.accept(this);
    }
}
