package dev.tdb.proxy.hold;

import io.netty.util.concurrent.AbstractEventExecutor;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;

/** An event loop whose tasks a test runs one by one, when it likes, on its own thread. */
final class ManualLoop extends AbstractEventExecutor {
    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();

    boolean isIdle() {
        return tasks.isEmpty();
    }

    void runOne() {
        tasks.remove().run();
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    /** Makes {@code more} a part of the task that was given last. */
    void executeWithLast(Runnable more) {
        Runnable last = tasks.removeLast();
        tasks.add(() -> {
            last.run();
            more.run();
        });
    }

    @Override
    public boolean inEventLoop(Thread thread) {
        return false;
    }

    @Override
    public boolean isShuttingDown() {
        return false;
    }

    @Override
    public Future<?> shutdownGracefully(long quietPeriod, long timeout, TimeUnit unit) {
        return terminationFuture();
    }

    @Override
    public Future<?> terminationFuture() {
        return ((EventExecutor) this).newSucceededFuture(true);
    }

    @Override
    @Deprecated
    public void shutdown() {}

    @Override
    public boolean isShutdown() {
        return false;
    }

    @Override
    public boolean isTerminated() {
        return false;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return true;
    }
}
