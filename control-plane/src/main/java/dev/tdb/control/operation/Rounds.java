package dev.tdb.control.operation;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does one thing every minute, on a thread of its own, until it is closed. A round that fails keeps none from following. */
public final class Rounds implements AutoCloseable {
    private static final Duration BETWEEN = Duration.ofMinutes(1);
    private static final Duration LAST_ROUND_MAX = Duration.ofSeconds(5);
    private static final Logger log = LoggerFactory.getLogger(Rounds.class);

    private final Runnable round;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;

    /** @param name of the thread */
    public Rounds(String name, Runnable round) {
        this.round = round;
        this.thread = Thread.ofVirtual().name(name).unstarted(this::go);
    }

    public void start() {
        thread.start();
    }

    private void go() {
        try {
            while (!closing.await(BETWEEN.toMillis(), TimeUnit.MILLISECONDS)) {
                try {
                    round.run();
                } catch (RuntimeException e) {
                    log.atWarn()
                            .addKeyValue("round", thread.getName())
                            .setCause(e)
                            .log("a round failed, the next one is in a minute");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits a little for a round that is under way. */
    @Override
    public void close() {
        closing.countDown();
        if (thread.getState() == Thread.State.NEW) {
            return;
        }
        try {
            thread.join(LAST_ROUND_MAX);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
