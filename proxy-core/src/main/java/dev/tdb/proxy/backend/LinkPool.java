package dev.tdb.proxy.backend;

import dev.tdb.proxy.observe.Meters;
import dev.tdb.proxy.relay.Transport;
import dev.tdb.proxy.route.RouteKey;
import dev.tdb.proxy.route.Target;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The links of one event loop and one protocol: opens them, at a bounded rate and in order, and keeps those that were
 * made as good as new for the next session of the same route, epoch and profile. Belongs to the loop.
 */
public final class LinkPool {
    private static final Logger log = LoggerFactory.getLogger(LinkPool.class);

    /**
     * What two sessions must have in common to use one link, one after the other. The target is part of it: a flip that
     * was given up and its successor share their epoch.
     */
    private record Kind(RouteKey route, long epoch, Target target, LinkProfile profile) {
        static Kind of(LinkSpec spec) {
            return new Kind(spec.route().key(), spec.route().epoch(), spec.target(), spec.profile());
        }
    }

    /** One request that no warm link could serve; answered once, whatever fails how often. */
    private final class Dial implements DialTurns.Dial {
        private final LinkSpec spec;
        private final LinkRequest request;
        private boolean over;

        private Dial(LinkSpec spec, LinkRequest request) {
            this.spec = spec;
            this.request = request;
        }

        @Override
        public boolean isWanted() {
            return request.isWanted();
        }

        @Override
        public void begin() {
            dial(this);
        }
    }

    private final EventLoop loop;
    private final ServerProtocol protocol;
    private final ServerTlsContexts tls;
    private final Executor workers;
    private final LinkLimits limits;
    private final Meters meters;
    private final Map<Kind, ArrayDeque<Link>> warm = new HashMap<>();
    private final Dialler dialler;
    private final DialTurns turns;
    private int warmCount;
    private long sweepAtNanos;
    private @Nullable Future<?> sweep;
    private boolean closed;

    public LinkPool(
            EventLoop loop,
            ServerProtocol protocol,
            ServerTlsContexts tls,
            Executor workers,
            HostLookup hosts,
            Transport transport,
            LinkLimits limits,
            Meters meters) {
        this.loop = loop;
        this.protocol = protocol;
        this.tls = tls;
        this.workers = workers;
        this.limits = limits;
        this.meters = meters;
        this.dialler = new Dialler(loop, hosts, transport, limits.dialPatience());
        this.turns = new DialTurns(limits.dialsMax(), limits.dialsTotalMax());
    }

    /** A link for one session: a warm one, or a new one when its turn comes. */
    public void lease(LinkSpec spec, LinkRequest request) {
        Link link = takeWarm(Kind.of(spec));
        if (link != null) {
            loop.execute(() -> {
                if (link.isLost()) {
                    lease(spec, request);
                } else {
                    meters.linkReused();
                    request.onLink(link);
                }
            });
            return;
        }
        dial(spec, request);
    }

    /** Opens a link that nobody needs yet, and warms it up. {@code then} runs when it waits, or could not be had. */
    public void warmUp(LinkSpec spec, Runnable then) {
        dial(spec, new LinkRequest() {
            @Override
            public void onLink(Link link) {
                Optional<Exchange<Boolean>> exchange = protocol.warmUp(link.facts());
                if (exchange.isEmpty()) {
                    warmedUp(link, true);
                    then.run();
                } else {
                    link.ask(exchange.get(), limits.dialPatience(), fine -> {
                        warmedUp(link, fine.orElse(false));
                        then.run();
                    });
                }
            }

            @Override
            public void onFailure(LinkFailure failure) {
                then.run();
            }
        });
    }

    private void warmedUp(Link link, boolean fine) {
        if (!fine || link.isLost() || closed || warmCount >= limits.warmTotalMax()) {
            discard(link);
        } else {
            addWarm(link);
        }
    }

    /** The session is over, at a safe point: the link is reset and kept, or closed when in any doubt. */
    public void giveBack(Link link) {
        boolean kept =
                !link.isInDoubt() && !closed && warmCount < limits.warmTotalMax() && !link.isTooOld(System.nanoTime());
        Optional<Exchange<Boolean>> reset = kept ? protocol.reset(link.facts()) : Optional.empty();
        if (link.isLost() || reset.isEmpty()) {
            discard(link);
            return;
        }
        link.ask(reset.get(), limits.dialPatience(), clean -> {
            if (clean.orElse(false)) {
                keep(link);
            } else {
                discard(link);
            }
        });
    }

    /** Closes a link with the protocol's last word. */
    public void discard(Link link) {
        if (!link.isLost()) {
            link.close(protocol.farewell(link.allocator()));
        }
    }

    /** Closes warm links of a route: of epochs before {@code epoch}. */
    public void retire(RouteKey route, long epoch) {
        warm.entrySet().removeIf(entry -> {
            Kind kind = entry.getKey();
            if (!kind.route.equals(route) || kind.epoch >= epoch) {
                return false;
            }
            dropAll(entry.getValue());
            return true;
        });
    }

    /** Closes all warm links and keeps none from now on. */
    public void close() {
        closed = true;
        warm.values().forEach(this::dropAll);
        warm.clear();
    }

    /**
     * Cancels what the link does, on a connection of its own; one at a time, since more would hit the same. {@code done}
     * runs when the server has taken notice, or could not be reached.
     */
    public void cancel(Link link, Runnable done) {
        if (link.hasCancelInFlight()) {
            done.run();
            return;
        }
        Optional<ByteBuf> request = protocol.cancelRequest(link.facts(), link.allocator());
        if (request.isEmpty()) {
            protocol.cancelCommand(link.facts()).ifPresentOrElse(command -> cancel(link, command, done), done);
            return;
        }
        link.cancelBegan();
        CancelHandler handler = new CancelHandler(link.spec(), protocol, tls, request.get(), () -> {
            link.cancelEnded();
            done.run();
        });
        dialler.connect(link.spec().target().address(), handler, dialler.deadlineNanos(), _ -> handler.finish());
    }

    private void cancel(Link link, Exchange<Boolean> command, Runnable done) {
        link.cancelBegan();
        Runnable over = () -> {
            link.cancelEnded();
            done.run();
        };
        lease(link.spec(), new LinkRequest() {
            @Override
            public void onLink(Link other) {
                other.ask(command, limits.dialPatience(), _ -> {
                    discard(other);
                    over.run();
                });
            }

            @Override
            public void onFailure(LinkFailure failure) {
                over.run();
            }
        });
    }

    private @Nullable Link takeWarm(Kind kind) {
        ArrayDeque<Link> links = warm.get(kind);
        while (links != null && !links.isEmpty()) {
            Link link = links.pollLast();
            warmCount--;
            meters.linkWarm(-1);
            if (links.isEmpty()) {
                warm.remove(kind);
            }
            if (link.isTooOld(System.nanoTime())) {
                discard(link);
            } else if (!link.isLost()) {
                return link;
            }
        }
        return null;
    }

    private void keep(Link link) {
        ArrayDeque<Link> links = warm.get(Kind.of(link.spec()));
        if (closed || link.isLost() || (links != null && links.size() >= limits.warmMax())) {
            discard(link);
        } else {
            addWarm(link);
        }
    }

    private void addWarm(Link link) {
        long now = System.nanoTime();
        link.rest(now);
        warm.computeIfAbsent(Kind.of(link.spec()), _ -> new ArrayDeque<>()).addLast(link);
        warmCount++;
        meters.linkWarm(1);
        sweepIn(link.warmNanos(now, limits.warmPatience().toNanos()));
    }

    /** One timer for all: a link is kept and lent again far more often than it grows old. */
    private void sweepIn(long nanos) {
        long at = System.nanoTime() + nanos;
        if (sweep != null && sweepAtNanos - at <= 0) {
            return;
        }
        if (sweep != null) {
            sweep.cancel(false);
        }
        sweepAtNanos = at;
        sweep = loop.schedule(this::sweep, nanos, TimeUnit.NANOSECONDS);
    }

    private void sweep() {
        sweep = null;
        long now = System.nanoTime();
        long patience = limits.warmPatience().toNanos();
        for (var each = warm.values().iterator(); each.hasNext(); ) {
            ArrayDeque<Link> links = each.next();
            links.removeIf(link -> {
                boolean over = link.warmNanos(now, patience) <= 0;
                if (over) {
                    drop(link);
                }
                return over;
            });
            if (links.isEmpty()) {
                each.remove();
            }
        }
        warm.values().stream()
                .flatMap(ArrayDeque::stream)
                .mapToLong(link -> link.warmNanos(now, patience))
                .min()
                .ifPresent(this::sweepIn);
    }

    private void dropAll(ArrayDeque<Link> links) {
        links.forEach(this::drop);
    }

    private void drop(Link link) {
        warmCount--;
        meters.linkWarm(-1);
        discard(link);
    }

    private void dial(LinkSpec spec, LinkRequest request) {
        turns.add(spec.target().address(), new Dial(spec, request));
        loop.execute(turns::next);
    }

    private void dial(Dial dial) {
        long since = System.nanoTime();
        long until = dialler.deadlineNanos();
        ChannelInitializer<Channel> initializer = new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                LoginHandler handler = new LoginHandler(
                        channel,
                        dial.spec,
                        protocol,
                        tls,
                        workers,
                        Duration.ofNanos(Math.max(0, until - System.nanoTime())),
                        warmUntilNanos(),
                        link -> opened(dial, link, channel, since),
                        failure -> failed(dial, failure));
                channel.pipeline().addLast("login", handler);
            }
        };
        dialler.connect(dial.spec.target().address(), initializer, until, failure -> failed(dial, failure));
    }

    private long warmUntilNanos() {
        long age = limits.warmAgeMax().toNanos();
        return System.nanoTime() + age - ThreadLocalRandom.current().nextLong(age / 5 + 1);
    }

    private void opened(Dial dial, Link link, Channel channel, long since) {
        dial.over = true;
        meters.linkOpened(System.nanoTime() - since);
        channel.closeFuture().addListener(_ -> meters.linkClosed());
        over(dial, true);
        dial.request.onLink(link);
    }

    /** May be told twice of one dial: by the login whose time is up, and by the connection that then fails. */
    private void failed(Dial dial, LinkFailure failure) {
        if (dial.over) {
            return;
        }
        dial.over = true;
        log.atWarn()
                .addKeyValue("tenant", dial.spec.route().key())
                .addKeyValue("server", dial.spec.target().address())
                .addKeyValue("error", failure.reason())
                .log("no link");
        over(dial, failure instanceof LinkFailure.Rejected);
        dial.request.onFailure(failure);
    }

    private void over(Dial dial, boolean reached) {
        turns.over(dial.spec.target().address(), reached);
        loop.execute(turns::next);
    }
}
