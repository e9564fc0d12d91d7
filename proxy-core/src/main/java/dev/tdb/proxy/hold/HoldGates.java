package dev.tdb.proxy.hold;

import dev.tdb.proxy.refusal.Refusal;
import dev.tdb.proxy.route.Route;
import dev.tdb.proxy.route.RouteKey;
import dev.tdb.proxy.route.RouteState;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The gates of all routes of a node. Holds are taken and given back by the control plane's threads, under one lock; the
 * event loops never take it: each has a lane of its own for every route it serves, and is told by a task.
 */
public final class HoldGates {
    /** Identity of the hold that a route's own state amounts to; there is at most one for a route. */
    private static final Object ROUTE_STATE = new Object();

    private final Map<EventExecutor, Map<RouteKey, GateLane>> lanes = new HashMap<>();
    private final Map<RouteKey, Map<Object, HoldTerms>> standing = new HashMap<>();
    private final Map<RouteKey, GateView> views = new ConcurrentHashMap<>();

    /** One for all holds that stand together: what is drained stays so until the last of them is given back. */
    private final Map<RouteKey, CompletableFuture<Void>> drains = new HashMap<>();

    /** @param loops all event loops that will ever ask for a lane */
    public HoldGates(Iterable<EventExecutor> loops) {
        loops.forEach(loop -> lanes.put(loop, new HashMap<>()));
    }

    /** The loop's side of a route's gate; on that loop only. */
    public GateLane lane(EventExecutor loop, RouteKey key) {
        return lanesOf(loop).computeIfAbsent(key, k -> new GateLane(k, views.getOrDefault(k, GateView.OPEN)));
    }

    /** Forgets a lane nobody uses; on its loop only. */
    public void retire(EventExecutor loop, GateLane lane) {
        if (lane.isUnused()) {
            lanesOf(loop).remove(lane.key(), lane);
        }
    }

    /** Takes a hold on the route as it is at {@code epoch}. */
    public Hold hold(RouteKey key, long epoch, HoldTerms terms) {
        Token token = new Token(key, epoch);
        token.acknowledged = change(key, token, terms);
        return token;
    }

    /**
     * Makes a gate follow its route's own state.
     *
     * @return done when every loop does
     */
    public CompletableFuture<Void> follow(Route route) {
        return switch (route.state()) {
            case RouteState.Open _ -> unfollow(route.key());
            case RouteState.Suspended(Duration patience) ->
                change(route.key(), ROUTE_STATE, new HoldTerms(HoldTerms.Cause.SUSPENDED, patience));
            case RouteState.Preparing(Duration patience) ->
                change(route.key(), ROUTE_STATE, new HoldTerms(HoldTerms.Cause.PREPARING, patience));
            case RouteState.Deleted _ ->
                change(route.key(), ROUTE_STATE, new HoldTerms(HoldTerms.Cause.DELETED, Duration.ZERO));
        };
    }

    /** Drops what the state of a route demanded: it is open, or is no more. */
    public CompletableFuture<Void> unfollow(RouteKey key) {
        synchronized (standing) {
            Map<Object, HoldTerms> tokens = standing.get(key);
            if (tokens == null || tokens.remove(ROUTE_STATE) == null) {
                return CompletableFuture.completedFuture(null);
            }
            return tell(key);
        }
    }

    /** What the sessions of a route are doing, from any thread. */
    public CompletableFuture<HoldStatus> status(RouteKey key) {
        return gather(key, GateLane::status, HoldStatus.none(), HoldStatus::plus);
    }

    /** Asks every session of the route whether it could move. */
    public CompletableFuture<HoldStatus> survey(RouteKey key) {
        return ofEveryMember(key, Holdable::survey).thenCompose(_ -> status(key));
    }

    /** Has every session of the route open the link it will need. */
    public CompletableFuture<Void> prepare(Route next) {
        return ofEveryMember(next.key(), (member, then) -> member.prepare(next, then));
    }

    /**
     * A unit that ends on one loop may have published to a session of another, and its server tells who is idle in its own
     * time. So subscribers are asked to hear their servers out only when the last unit of all loops is over. Several nodes
     * of one route would have to settle all before one of them asks.
     */
    private CompletableFuture<Void> drain(RouteKey key) {
        return onEach(key, GateLane::whenSettled).thenCompose(_ -> ofEveryMember(key, Holdable::hearOut));
    }

    private CompletableFuture<Void> ofEveryMember(RouteKey key, BiConsumer<Holdable, Runnable> ask) {
        List<CompletableFuture<Void>> asked = new ArrayList<>();
        lanes.keySet().forEach(loop -> {
            CompletableFuture<Void> all = new CompletableFuture<>();
            asked.add(all);
            loop.execute(() -> {
                GateLane lane = lane(loop, key);
                try {
                    ofEveryMember(lane, ask, all);
                } finally {
                    retire(loop, lane);
                }
            });
        });
        return CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new));
    }

    private static void ofEveryMember(GateLane lane, BiConsumer<Holdable, Runnable> ask, CompletableFuture<Void> all) {
        List<Holdable> members = lane.members();
        int[] left = {members.size() + 1};
        Runnable one = () -> {
            left[0]--;
            if (left[0] == 0) {
                all.complete(null);
            }
        };
        members.forEach(member -> ask.accept(member, one));
        one.run();
    }

    private CompletableFuture<Void> change(RouteKey key, Object token, HoldTerms terms) {
        synchronized (standing) {
            standing.computeIfAbsent(key, _ -> new LinkedHashMap<>()).put(token, terms);
            return tell(key);
        }
    }

    /** Under the lock, so that loops hear of changes in the order they were made. */
    private CompletableFuture<Void> tell(RouteKey key) {
        GateView view = newView(key);
        return onEveryLane(key, lane -> lane.apply(view));
    }

    private GateView newView(RouteKey key) {
        Map<Object, HoldTerms> tokens = standing.getOrDefault(key, Map.of());
        GateView view = GateView.of(tokens.values());
        if (view.holding()) {
            views.put(key, view);
        } else {
            views.remove(key);
            standing.remove(key);
            drains.remove(key);
        }
        return view;
    }

    private CompletableFuture<Void> onEveryLane(RouteKey key, Consumer<GateLane> act) {
        return gather(
                        key,
                        lane -> {
                            act.accept(lane);
                            return true;
                        },
                        true,
                        (a, _) -> a)
                .thenApply(_ -> null);
    }

    private CompletableFuture<Void> onEach(RouteKey key, BiConsumer<GateLane, CompletableFuture<Void>> ask) {
        return CompletableFuture.allOf(ask(key, ask).toArray(CompletableFuture[]::new));
    }

    private <T> CompletableFuture<T> gather(RouteKey key, Function<GateLane, T> ask, T none, BiFunction<T, T, T> add) {
        return sum(ask(key, (lane, answer) -> answer.complete(ask.apply(lane))), none, add);
    }

    /** Has every lane answer, at once or later; an exception is its answer, too. */
    private <T> List<CompletableFuture<T>> ask(RouteKey key, BiConsumer<GateLane, CompletableFuture<T>> ask) {
        List<CompletableFuture<T>> answers = new ArrayList<>();
        lanes.keySet().forEach(loop -> {
            CompletableFuture<T> answer = new CompletableFuture<>();
            answers.add(answer);
            loop.execute(() -> {
                GateLane lane = lane(loop, key);
                try {
                    ask.accept(lane, answer);
                } catch (RuntimeException bug) {
                    answer.completeExceptionally(bug);
                } finally {
                    retire(loop, lane);
                }
            });
        });
        return answers;
    }

    private static <T> CompletableFuture<T> sum(List<CompletableFuture<T>> parts, T none, BiFunction<T, T, T> add) {
        return CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new)).thenApply(_ -> {
            T all = none;
            for (CompletableFuture<T> part : parts) {
                all = add.apply(all, part.join());
            }
            return all;
        });
    }

    private Map<RouteKey, GateLane> lanesOf(EventExecutor loop) {
        Map<RouteKey, GateLane> own = lanes.get(loop);
        if (own == null) {
            throw new IllegalStateException("not a loop of this node: " + loop);
        }
        return own;
    }

    /** A hold as the control plane keeps it; its identity is the token. */
    private final class Token implements Hold {
        private final RouteKey key;
        private final long epoch;
        private CompletableFuture<Void> acknowledged = new CompletableFuture<>();
        private @Nullable CompletableFuture<Released> released;

        private Token(RouteKey key, long epoch) {
            this.key = key;
            this.epoch = epoch;
        }

        @Override
        public long epoch() {
            return epoch;
        }

        @Override
        public CompletableFuture<Void> acknowledged() {
            return acknowledged;
        }

        @Override
        public CompletableFuture<Void> drained() {
            synchronized (standing) {
                CompletableFuture<Void> drained =
                        views.containsKey(key) ? drains.computeIfAbsent(key, HoldGates.this::drain) : drain(key);
                return drained.copy();
            }
        }

        @Override
        public CompletableFuture<HoldStatus> status() {
            return HoldGates.this.status(key);
        }

        @Override
        public CompletableFuture<Integer> kill(Refusal refusal) {
            return gather(key, lane -> lane.kill(refusal), 0, Integer::sum);
        }

        @Override
        public CompletableFuture<Void> switched() {
            return onEach(key, GateLane::routeSwitched);
        }

        @Override
        public CompletableFuture<Released> release() {
            synchronized (standing) {
                if (released == null) {
                    Map<Object, HoldTerms> tokens = standing.get(key);
                    if (tokens != null) {
                        tokens.remove(this);
                    }
                    GateView view = newView(key);
                    List<CompletableFuture<Released>> answers = ask(key, (lane, answer) -> {
                        // Asked in the same breath, before an empty lane is forgotten.
                        lane.apply(view);
                        lane.whenReleased(answer);
                    });
                    released = sum(answers, Released.none(), Released::plus);
                }
                return released;
            }
        }
    }
}
