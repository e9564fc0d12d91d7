package dev.tdb.mysql.frontend;

import dev.tdb.mysql.codec.PendingCommand;
import dev.tdb.proxy.frontend.SessionPort;
import dev.tdb.proxy.observe.QueryEvent;
import dev.tdb.proxy.observe.QueryEvent.Source;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** Makes query events of one session's statements. Belongs to its event loop. */
final class QueryReporter {
    /** A longer text is cut. */
    static final int TEXT_BYTES_MAX = 4096;

    private static final int ERROR_CHARS_MAX = 512;

    private final SessionPort port;
    private final SessionMemory memory;
    private final String client;

    QueryReporter(SessionPort port, SessionMemory memory) {
        this.port = port;
        this.memory = memory;
        this.client = port.clientAddress();
    }

    /** @param errorCode empty on success */
    void report(PendingCommand command, long rows, long bytes, String errorCode, String error) {
        if (command.text().isEmpty() || !port.queryEvents().areWanted()) {
            return;
        }
        long duration = System.nanoTime() - command.startedNanos() + command.heldNanos();
        Instant now = Instant.now();
        long micros = TimeUnit.SECONDS.toMicros(now.getEpochSecond()) + now.getNano() / 1000;
        port.queryEvents()
                .offer(new QueryEvent(
                        memory.place().route(),
                        Source.PROXY,
                        micros - duration / 1000,
                        memory.place().credential().id(),
                        client,
                        command.text(),
                        errorCode,
                        error.length() <= ERROR_CHARS_MAX ? error : error.substring(0, ERROR_CHARS_MAX),
                        duration,
                        command.heldNanos(),
                        rows,
                        bytes));
    }
}
