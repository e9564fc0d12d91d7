package dev.tdb.control;

import dev.tdb.proxy.credential.CredentialBook;
import dev.tdb.proxy.credential.Secret;
import dev.tdb.proxy.hold.Hold;
import dev.tdb.proxy.hold.HoldStatus;
import dev.tdb.proxy.hold.HoldTerms;
import dev.tdb.proxy.hold.Released;
import dev.tdb.proxy.hold.RouteControl;
import dev.tdb.proxy.refusal.Refusal;
import dev.tdb.proxy.route.Route;
import dev.tdb.proxy.route.RouteKey;
import dev.tdb.proxy.route.RouteTable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** A data path that records what is asked of it, and does at once what it is set to do. */
public final class FakeDataPath implements RouteControl {
    /** What was asked, in order: {@code publish}, {@code hold}, {@code switched}, {@code release}, … */
    public final List<String> asked = new CopyOnWriteArrayList<>();

    public volatile RouteTable table = RouteTable.empty();
    public volatile CredentialBook credentials = CredentialBook.empty(Secret.of("none"));

    /** Called before each call with its name. */
    public volatile Consumer<String> before = name -> {};

    /** What a hold and a survey find. */
    public volatile HoldStatus status = HoldStatus.none();

    /** Whether everything in flight ends by itself. */
    public volatile boolean drains = true;

    public volatile Released released = Released.none();
    public final AtomicInteger standing = new AtomicInteger();

    @Override
    public CompletableFuture<Void> publish(RouteTable next) {
        if (next.version() <= table.version()) {
            throw new IllegalStateException("table " + next.version() + " is not newer than " + table.version());
        }
        for (Route route : next.routes()) {
            table.find(route.key())
                    .filter(before -> before.epoch() > route.epoch())
                    .ifPresent(before -> {
                        throw new IllegalStateException("epoch of " + route.key() + " went back");
                    });
        }
        before.accept("publish");
        table = next;
        asked.add("publish");
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void publish(CredentialBook next) {
        credentials = next;
    }

    @Override
    public Hold hold(RouteKey key, HoldTerms terms) {
        before.accept("hold");
        asked.add("hold");
        standing.incrementAndGet();
        return new FakeHold(key, table.find(key).orElseThrow().epoch());
    }

    @Override
    public CompletableFuture<Void> prepare(Route next) {
        asked.add("prepare");
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletableFuture<HoldStatus> survey(RouteKey key) {
        asked.add("survey");
        return CompletableFuture.completedFuture(status);
    }

    /** The route as it was published last. */
    public Route route(RouteKey key) {
        return table.find(key).orElseThrow();
    }

    private final class FakeHold implements Hold {
        private final RouteKey key;
        private final long epoch;
        private final CompletableFuture<Void> drained = new CompletableFuture<>();
        private boolean taken = true;

        FakeHold(RouteKey key, long epoch) {
            this.key = key;
            this.epoch = epoch;
            if (drains) {
                drained.complete(null);
            }
        }

        @Override
        public long epoch() {
            return epoch;
        }

        @Override
        public CompletableFuture<Void> acknowledged() {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletableFuture<Void> drained() {
            return drained;
        }

        @Override
        public CompletableFuture<HoldStatus> status() {
            return CompletableFuture.completedFuture(status);
        }

        @Override
        public CompletableFuture<Integer> kill(Refusal refusal) {
            asked.add("kill");
            drained.complete(null);
            int killed = status.inFlight();
            released = released.plus(new Released(0, 0, 0, Map.of(refusal.label(), killed)));
            return CompletableFuture.completedFuture(killed);
        }

        @Override
        public CompletableFuture<Void> switched() {
            before.accept("switched");
            asked.add("switched to " + route(key).target().address());
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletableFuture<Released> release() {
            if (taken) {
                before.accept("release");
                taken = false;
                standing.decrementAndGet();
                asked.add("release");
            }
            return CompletableFuture.completedFuture(released);
        }
    }
}
