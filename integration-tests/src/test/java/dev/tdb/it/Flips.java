package dev.tdb.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tdb.proxy.hold.Hold;
import dev.tdb.proxy.hold.Released;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Moves a route back and forth between addresses of one server, in time with the steps of a driver's work. Of every
 * four flips two are over before the step begins, and two let the step run into their hold. A flip that finds a
 * transaction open goes on beside the steps until that has ended.
 */
final class Flips {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** How long a hold waits for a step to run into it; a step that asks nothing of the server never does. */
    private static final Duration MEETING = Duration.ofMillis(100);

    private static final Executor TICK = CompletableFuture.delayedExecutor(1, TimeUnit.MILLISECONDS);

    private final DataPath proxy;
    private final String database;
    private final List<Place> places;
    private CompletableFuture<Void> current = nothing();
    private volatile Released all = Released.none();
    private int begun;

    Flips(DataPath proxy, String database, List<Place> places) {
        this.proxy = proxy;
        this.database = database;
        this.places = List.copyOf(places);
    }

    /** Some work begins. */
    void begin() {
        all = Released.none();
    }

    /** A step comes next. */
    void next() {
        if (!current.isDone()) {
            return;
        }
        begun++;
        Place to = places.get(begun % places.size());
        boolean meets = begun % 4 < 2;
        Hold hold = proxy.hold(database, PATIENCE);
        done(hold.acknowledged());
        current = hold.drained()
                .thenCompose(_ -> proxy.lead(database, to))
                .thenCompose(_ -> hold.switched())
                .thenCompose(_ -> meets ? met(hold, System.nanoTime() + MEETING.toNanos()) : nothing())
                .thenCompose(_ -> hold.release())
                .thenAccept(released -> all = all.plus(released));
        if (!meets && done(hold.status()).inFlight() == 0) {
            done(current);
        }
    }

    private static CompletableFuture<Void> nothing() {
        return CompletableFuture.completedFuture(null);
    }

    private static CompletableFuture<Void> met(Hold hold, long until) {
        return hold.status()
                .thenCompose(status -> status.held() > 0 || System.nanoTime() - until > 0
                        ? nothing()
                        : CompletableFuture.runAsync(() -> {}, TICK).thenCompose(_ -> met(hold, until)));
    }

    /** The work is done: the last flip ends, sessions were moved, and none was closed. */
    void end() {
        done(current);
        assertThat(all.moved()).as("sessions moved").isPositive();
        assertThat(all.closedByReason()).as("sessions closed by flips").isEqualTo(Map.of());
    }

    private static <T> T done(CompletableFuture<T> future) {
        return future.copy().orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    }
}
