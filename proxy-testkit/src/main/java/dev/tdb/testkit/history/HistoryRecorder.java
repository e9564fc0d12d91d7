package dev.tdb.testkit.history;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/** Collects what sessions do while they do it. Sessions may run on threads of their own. */
public final class HistoryRecorder {
    private final LongSupplier nanoTime;
    private final AtomicInteger sessions = new AtomicInteger();
    private final ConcurrentLinkedQueue<SessionLog> logs = new ConcurrentLinkedQueue<>();

    public HistoryRecorder() {
        this(System::nanoTime);
    }

    /** @param nanoTime the clock, as {@link System#nanoTime()} */
    public HistoryRecorder(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** The log of a new session, numbered from 0. */
    public SessionLog session() {
        SessionLog log = new SessionLog(sessions.getAndIncrement(), nanoTime);
        logs.add(log);
        return log;
    }

    /** All that was recorded so far; what has no reply yet is {@link Outcome#INFO}, completed now. */
    public History history() {
        List<Operation> all = new ArrayList<>();
        logs.forEach(log -> log.copyTo(all));
        return History.of(all);
    }
}
