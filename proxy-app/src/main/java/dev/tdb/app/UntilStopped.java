package dev.tdb.app;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Turns Ctrl-C and SIGTERM into an ordinary return of the main thread: {@link #await} comes back, the caller takes
 * everything down in its own order, and the JVM ends, with exit code 0, once this is closed.
 */
public final class UntilStopped implements AutoCloseable {
    /** Longer than any shutdown takes that is not stuck. */
    private static final long TAKE_DOWN_MAX_MINUTES = 15;

    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch done = new CountDownLatch(1);
    private final Thread hook = Thread.ofPlatform().name("stop").unstarted(this::stop);

    public UntilStopped() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private void stop() {
        asked.countDown();
        try {
            if (done.await(TAKE_DOWN_MAX_MINUTES, TimeUnit.MINUTES)) {
                // The JVM would report the signal as its exit code; but being asked to stop is no failure.
                Runtime.getRuntime().halt(0);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** Blocks until the process is asked to stop. */
    public void await() {
        try {
            asked.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** Everything is taken down. */
    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException _) {
            done.countDown(); // The JVM is on its way out and waits for this.
        }
    }
}
