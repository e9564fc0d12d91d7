package dev.tdb.control.cutover;

import dev.tdb.control.ControlException;
import dev.tdb.control.event.Events;
import dev.tdb.control.snapshot.RouteBook;
import dev.tdb.proxy.hold.Hold;
import dev.tdb.proxy.hold.HoldStatus;
import dev.tdb.proxy.hold.HoldTerms;
import dev.tdb.proxy.hold.Released;
import dev.tdb.proxy.hold.RouteControl;
import dev.tdb.proxy.refusal.Refusal;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The hold of one flip: what it asks of the data path, each with an end to the wait. Used by one thread. */
final class Holding {
    /** How long the loops may take to say that they have heard. */
    private static final Duration LOOPS_TIMEOUT = Duration.ofSeconds(5);

    /** How long sessions may take to stand on the new server, or to go on after it. */
    private static final Duration MOVE_TIMEOUT = Duration.ofSeconds(30);

    /** What a unit waits for beyond the drain: fence, decision, switch. */
    private static final Duration PATIENCE_BEYOND_DRAIN = Duration.ofSeconds(20);

    private final Flip flip;
    private final Hold hold;
    private final RouteBook book;
    private final Events events;
    private final long sinceNanos;

    private Holding(Flip flip, Hold hold, RouteBook book, Events events) {
        this.flip = flip;
        this.hold = hold;
        this.book = book;
        this.events = events;
        this.sinceNanos = System.nanoTime();
    }

    static Holding begin(Flip flip, RouteControl dataPath, RouteBook book, Events events) {
        Duration patience = flip.request().drainTimeout().plus(PATIENCE_BEYOND_DRAIN);
        Hold hold = dataPath.hold(flip.route().key(), new HoldTerms(HoldTerms.Cause.CUTOVER, patience));
        Holding holding = new Holding(flip, hold, book, events);
        holding.tell("held", Map.of());
        return holding;
    }

    /** @return what the hold had to do with when every loop had taken it */
    HoldStatus acknowledged() {
        if (hold.epoch() != flip.route().epoch()) {
            throw new IllegalStateException("the data path goes by epoch " + hold.epoch() + ", the store by "
                    + flip.route().epoch());
        }
        await(hold.acknowledged(), LOOPS_TIMEOUT, "the event loops did not take the hold in time");
        return status();
    }

    private HoldStatus status() {
        return await(hold.status(), LOOPS_TIMEOUT, "the event loops did not answer in time");
    }

    /** @return how many sessions had to be ended because they came to no safe point in time */
    int drain() {
        try {
            hold.drained().get(flip.request().drainTimeout().toMillis(), TimeUnit.MILLISECONDS);
            return 0;
        } catch (TimeoutException e) {
            return atDeadline();
        } catch (InterruptedException e) {
            throw interrupted(e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the drain failed", e);
        }
    }

    private int atDeadline() {
        return switch (flip.request().onDeadline()) {
            case ABORT ->
                throw ControlException.conflict(
                        "Route '" + flip.route().key().database() + "' was not flipped: " + status().inFlight()
                                + " sessions were still in flight after "
                                + flip.request().drainTimeout().toMillis()
                                + " ms. Nothing has changed. Try again with a longer drain_timeout, or with"
                                + " on_deadline kill",
                        flip.operation());
            case KILL -> {
                Refusal refusal = new Refusal.Terminated(
                        "the database moves, and this session had not come to a safe point in time");
                int killed = await(hold.kill(refusal), LOOPS_TIMEOUT, "the event loops did not answer in time");
                await(hold.drained(), LOOPS_TIMEOUT, "sessions did not end in time");
                yield killed;
            }
        };
    }

    /** After the decision: publishes the new route, and lets sessions leave their old links. */
    void switched() {
        await(book.refresh(flip.route().key()), LOOPS_TIMEOUT, "the event loops did not take the new route in time");
        await(hold.switched(), MOVE_TIMEOUT, "sessions did not move in time");
    }

    Released release() {
        Released released = await(hold.release(), MOVE_TIMEOUT, "sessions did not go on in time");
        tell("released", Map.of("hold_ms", lasted().toMillis()));
        return released;
    }

    /** Lets units go on whatever has become of the flip, and waits for nothing. */
    void letGo() {
        hold.release();
        tell("released", Map.of("aborted", true));
    }

    /** Since the hold was taken. */
    Duration lasted() {
        return Duration.ofNanos(System.nanoTime() - sinceNanos);
    }

    private void tell(String phase, Map<String, Object> more) {
        Map<String, Object> data = new HashMap<>(more);
        data.put("phase", phase);
        data.put("database", flip.route().key().database().toString());
        data.put("operation_id", flip.operation());
        events.publish("hold", flip.subject().project().value(), flip.subject().tenant(), data);
    }

    private static <T> T await(CompletableFuture<T> future, Duration timeout, String late) {
        try {
            return future.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new IllegalStateException(late, e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the data path failed", e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static IllegalStateException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new IllegalStateException("interrupted", e);
    }
}
