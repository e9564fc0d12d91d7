package dev.tdb.control.cutover;

import dev.tdb.control.store.OperationRows;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/**
 * The steps that one flip has taken, with their times. They are written to the journal together with what must be durable
 * anyway, because a commit of its own for each would lengthen the hold. Used by one thread.
 */
final class StepLog {
    private final InstantSource clock;
    private final List<FlipResult.StepTime> times = new ArrayList<>();
    private final List<OperationRows.Step> unwritten = new ArrayList<>();

    StepLog(InstantSource clock) {
        this.clock = clock;
    }

    /** Takes a step, and notes how long it took, however it ends. */
    void take(Step step, Runnable work) {
        long startedAt = clock.millis();
        long start = System.nanoTime();
        try {
            work.run();
        } finally {
            Duration took = Duration.ofNanos(System.nanoTime() - start);
            times.add(new FlipResult.StepTime(step.word(), took));
            unwritten.add(new OperationRows.Step(step.word(), startedAt, startedAt + took.toMillis(), ""));
        }
    }

    List<FlipResult.StepTime> times() {
        return List.copyOf(times);
    }

    /** Those not yet given out by this method. */
    List<OperationRows.Step> unwritten() {
        List<OperationRows.Step> steps = List.copyOf(unwritten);
        unwritten.clear();
        return steps;
    }
}
