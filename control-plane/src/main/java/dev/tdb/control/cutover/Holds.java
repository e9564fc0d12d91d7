package dev.tdb.control.cutover;

import dev.tdb.control.event.Events;
import dev.tdb.control.snapshot.RouteBook;
import dev.tdb.control.store.CutoverRows;
import dev.tdb.proxy.hold.RouteControl;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What flips ask of the data path before and when they hold a route. */
final class Holds {
    private static final Logger log = LoggerFactory.getLogger(Holds.class);

    /** How long it is waited for links to the target. */
    private static final Duration LINKS_TIMEOUT = Duration.ofSeconds(5);

    private final RouteControl dataPath;
    private final RouteBook book;
    private final Events events;

    Holds(RouteControl dataPath, RouteBook book, Events events) {
        this.dataPath = dataPath;
        this.book = book;
        this.events = events;
    }

    /** Sessions that find their link open wait less. None has to: one that does not opens its own when it moves. */
    void openLinks(Flip flip, CutoverRows.Row cutover) {
        try {
            dataPath.prepare(book.next(flip.route(), flip.to(), cutover.toLoginEpoch()))
                    .get(LINKS_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            log.atInfo().addKeyValue("operation", flip.operation()).setCause(e).log("links were not all opened ahead");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while links were opened", e);
        }
    }

    Holding begin(Flip flip) {
        return Holding.begin(flip, dataPath, book, events);
    }
}
