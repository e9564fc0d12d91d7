package dev.tdb.control.querylog;

import dev.tdb.control.engine.LiteralMask;
import dev.tdb.proxy.observe.QueryEvent;
import dev.tdb.proxy.observe.QueryEvents;
import dev.tdb.proxy.route.Engine;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes query events from the ring and writes them, on a thread of its own. Whatever goes wrong here costs entries, which
 * are counted, and never a query: the ring drops what this thread does not take.
 */
public final class QueryLogWriter implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(QueryLogWriter.class);
    private static final int BATCH_EVENTS_MAX = 16_384;

    /** How long an event may wait when there is little to do: an entry is to be seen within a second. */
    private static final Duration PAUSE = Duration.ofMillis(400);

    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);
    private static final Duration PRUNE_INTERVAL = Duration.ofSeconds(30);
    private static final Duration COMPLAINT_INTERVAL = Duration.ofMinutes(1);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);

    private final QueryEvents events;
    private final LogFiles files;
    private final BatchWriter.Terms terms;
    private final InstantSource clock;
    private final AtomicLong written = new AtomicLong();
    private final AtomicLong lost = new AtomicLong();
    private final Thread thread;
    private volatile boolean stopping;
    private volatile String trouble = "";

    private @Nullable BatchWriter writer;
    private final Set<String> spoilt = new HashSet<>();
    private Thread pruning = Thread.ofVirtual().unstarted(() -> {});
    private Instant nextPrune = Instant.MIN;
    private Instant nextComplaint = Instant.MIN;

    /** @param masks for each engine, how literals are masked where the settings say so */
    public QueryLogWriter(
            QueryEvents events, QueryLogSettings settings, Map<Engine, LiteralMask> masks, InstantSource clock) {
        this.events = events;
        this.files = new LogFiles(settings);
        this.terms = new BatchWriter.Terms(settings.slow(), settings.masksLiterals() ? Map.copyOf(masks) : Map.of());
        this.clock = clock;
        this.thread = Thread.ofPlatform().name("query-log").daemon().unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    /** What the last batch has met with; empty when it was written. */
    String trouble() {
        return trouble;
    }

    long written() {
        return written.get();
    }

    /** Events that were taken from the ring and could not be written. */
    long lost() {
        return lost.get();
    }

    private void run() {
        List<QueryEvent> batch = new ArrayList<>(BATCH_EVENTS_MAX);
        while (true) {
            boolean last = stopping;
            batch.clear();
            events.drain(batch::add, BATCH_EVENTS_MAX);
            Duration pause = write(batch);
            if (last && batch.isEmpty()) {
                break;
            }
            if (!last && (batch.size() < BATCH_EVENTS_MAX || pause.equals(PAUSE_AFTER_FAILURE))) {
                sleep(pause);
            }
        }
        closeWriter();
        join(pruning);
    }

    /** @return how long to wait before the next batch */
    private Duration write(List<QueryEvent> batch) {
        try {
            Instant now = clock.instant();
            BatchWriter current = writerFor(now);
            if (!batch.isEmpty()) {
                current.write(batch);
                written.addAndGet(batch.size());
            }
            trouble = "";
            return PAUSE;
        } catch (SQLException | IOException | RuntimeException e) {
            lost.addAndGet(batch.size());
            trouble = "it cannot be written, entries are lost; the log of the program says why";
            complain(e);
            closeWriter();
            return PAUSE_AFTER_FAILURE;
        }
    }

    /** Once in a while: a disk stays full for long. */
    private void complain(Exception e) {
        Instant now = clock.instant();
        if (now.isBefore(nextComplaint)) {
            return;
        }
        nextComplaint = now.plus(COMPLAINT_INTERVAL);
        log.atWarn().addKeyValue("lost", lost.get()).setCause(e).log("query log cannot be written, entries are lost");
    }

    private BatchWriter writerFor(Instant now) throws SQLException, IOException {
        BatchWriter current = writer;
        if (current != null && now.isBefore(nextPrune) && isToday(current, now)) {
            return current;
        }
        nextPrune = now.plus(PRUNE_INTERVAL);
        LogFiles.LogFile file = files.current(now, spoilt);
        if (current == null || !current.file().stem().equals(file.stem()) || !Files.exists(file.path())) {
            closeWriter();
            current = open(now, file);
            writer = current;
        }
        prune(now, current.file());
        return current;
    }

    /** A file that turns out to be spoilt is left as it is, and the log goes on in the day's next one. */
    private BatchWriter open(Instant now, LogFiles.LogFile file) throws SQLException, IOException {
        LogFiles.LogFile next = file;
        while (true) {
            try {
                return new BatchWriter(next, files.openForWriting(next), terms);
            } catch (SQLException e) {
                if (!LogFiles.isSpoilt(e)) {
                    throw e;
                }
                log.atError().addKeyValue("file", next.path()).setCause(e).log("query log file is spoilt, it is left");
                spoilt.add(next.stem());
                next = files.current(now, spoilt);
            }
        }
    }

    /** Beside this thread, since a disk may take its time to remove a large file. */
    private void prune(Instant now, LogFiles.LogFile current) {
        if (pruning.isAlive()) {
            return;
        }
        pruning = Thread.ofVirtual().name("query-log-prune").start(() -> {
            try {
                files.prune(now, current);
            } catch (IOException | RuntimeException e) {
                log.atWarn().setCause(e).log("old query log files could not be removed");
            }
        });
    }

    private static boolean isToday(BatchWriter current, Instant now) {
        return current.file().day().equals(now.atOffset(ZoneOffset.UTC).toLocalDate());
    }

    private void closeWriter() {
        BatchWriter current = writer;
        writer = null;
        if (current != null) {
            try {
                current.close();
            } catch (SQLException e) {
                log.atWarn().setCause(e).log("query log file could not be closed");
            }
        }
    }

    private void sleep(Duration pause) {
        try {
            Thread.sleep(pause);
        } catch (InterruptedException e) {
            stopping = true; // close() wakes this thread so
        }
    }

    /** Writes what is in the ring, then ends. */
    @Override
    public void close() {
        stopping = true;
        thread.interrupt();
        join(thread);
    }

    private static void join(Thread ending) {
        try {
            ending.join(STOP_TIMEOUT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
