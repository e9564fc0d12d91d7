package dev.tdb.proxy.backend;

import dev.tdb.proxy.observe.Meters;
import dev.tdb.proxy.relay.Transport;
import dev.tdb.proxy.route.RouteKey;
import dev.tdb.proxy.route.Target;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
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

    private record Dial(LinkSpec spec, LinkRequest request) {}

    private final EventLoop loop;
    private final ServerProtocol protocol;
    private final ServerTlsContexts tls;
    private final Executor workers;
    private final Transport transport;
    private final LinkLimits limits;
    private final Meters meters;
    private final Map<Kind, ArrayDeque<Link>> warm = new HashMap<>();
    private final ArrayDeque<Dial> waiting = new ArrayDeque<>();
    private int warmCount;
    private int dialling;
    private boolean closed;

    public LinkPool(
            EventLoop loop,
            ServerProtocol protocol,
            ServerTlsContexts tls,
            Executor workers,
            Transport transport,
            LinkLimits limits,
            Meters meters) {
        this.loop = loop;
        this.protocol = protocol;
        this.tls = tls;
        this.workers = workers;
        this.transport = transport;
        this.limits = limits;
        this.meters = meters;
    }

    /** A link for one session: a warm one, or a new one when its turn comes. */
    public void lease(LinkSpec spec, LinkRequest request) {
        Link link = takeWarm(Kind.of(spec));
        if (link != null) {
            meters.linkReused();
            loop.execute(() -> {
                if (link.isLost()) {
                    lease(spec, request);
                } else {
                    request.onLink(link);
                }
            });
            return;
        }
        waiting.add(new Dial(spec, request));
        loop.execute(this::dialNext);
    }

    /** Opens a link that nobody needs yet. {@code then} runs when it waits, warm, or could not be opened. */
    public void warmUp(LinkSpec spec, Runnable then) {
        waiting.add(new Dial(spec, new LinkRequest() {
            @Override
            public void onLink(Link link) {
                if (closed || warmCount >= limits.warmTotalMax()) {
                    discard(link);
                } else {
                    addWarm(link);
                }
                then.run();
            }

            @Override
            public void onFailure(LinkFailure failure) {
                then.run();
            }
        }));
        loop.execute(this::dialNext);
    }

    /** The session is over, at a safe point: the link is reset and kept, or closed when in any doubt. */
    public void giveBack(Link link) {
        Optional<Exchange<Boolean>> reset = link.isInDoubt() || closed || warmCount >= limits.warmTotalMax()
                ? Optional.empty()
                : protocol.reset(link.facts());
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
     * Cancels what the link does, on a connection of its own. {@code done} runs when the server has taken notice, or
     * could not be reached.
     */
    public void cancel(Link link, Runnable done) {
        Optional<io.netty.buffer.ByteBuf> request = protocol.cancelRequest(link.facts(), link.allocator());
        if (request.isEmpty()) {
            done.run();
            return;
        }
        link.cancelBegan();
        CancelHandler handler = new CancelHandler(link.spec(), protocol, tls, request.get(), () -> {
            link.cancelEnded();
            done.run();
        });
        connect(link.spec(), handler).addListener(connected -> {
            if (!connected.isSuccess()) {
                handler.finish();
            }
        });
    }

    private @org.jspecify.annotations.Nullable Link takeWarm(Kind kind) {
        ArrayDeque<Link> links = warm.get(kind);
        while (links != null && !links.isEmpty()) {
            Link link = links.pollLast();
            warmCount--;
            meters.linkWarm(-1);
            if (links.isEmpty()) {
                warm.remove(kind);
            }
            if (!link.isLost()) {
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
        int rest = link.rest();
        warm.computeIfAbsent(Kind.of(link.spec()), _ -> new ArrayDeque<>()).addLast(link);
        warmCount++;
        meters.linkWarm(1);
        loop.schedule(() -> expire(link, rest), limits.warmPatience().toMillis(), TimeUnit.MILLISECONDS);
    }

    private void expire(Link link, int rest) {
        if (!link.stillRests(rest)) {
            return;
        }
        Kind kind = Kind.of(link.spec());
        ArrayDeque<Link> links = warm.get(kind);
        if (links != null && links.remove(link)) {
            warmCount--;
            meters.linkWarm(-1);
            if (links.isEmpty()) {
                warm.remove(kind);
            }
            discard(link);
        }
    }

    private void dropAll(ArrayDeque<Link> links) {
        links.forEach(link -> {
            warmCount--;
            meters.linkWarm(-1);
            discard(link);
        });
    }

    private void dialNext() {
        while (dialling < limits.dialsMax() && !waiting.isEmpty()) {
            dial(waiting.poll());
        }
    }

    private void dial(Dial dial) {
        dialling++;
        long since = System.nanoTime();
        ChannelInitializer<Channel> initializer = new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                LoginHandler handler = new LoginHandler(
                        channel,
                        dial.spec,
                        protocol,
                        tls,
                        workers,
                        link -> opened(dial, link, channel, since),
                        failure -> failed(dial, failure));
                handler.deadline(limits.dialPatience().toMillis());
                channel.pipeline().addLast("login", handler);
            }
        };
        connect(dial.spec, initializer).addListener(connected -> {
            if (!connected.isSuccess()) {
                failed(
                        dial,
                        new LinkFailure.Unreachable(
                                String.valueOf(connected.cause().getMessage())));
            }
        });
    }

    private ChannelFuture connect(LinkSpec spec, io.netty.channel.ChannelHandler handler) {
        return new Bootstrap()
                .group(loop)
                .channel(transport.clientChannel())
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_KEEPALIVE, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int)
                        Math.min(limits.dialPatience().toMillis(), Integer.MAX_VALUE))
                .handler(handler)
                .connect(spec.target().address().host(), spec.target().address().port());
    }

    private void opened(Dial dial, Link link, Channel channel, long since) {
        dialling--;
        meters.linkOpened(System.nanoTime() - since);
        channel.closeFuture().addListener(_ -> meters.linkClosed());
        loop.execute(this::dialNext);
        dial.request.onLink(link);
    }

    private void failed(Dial dial, LinkFailure failure) {
        dialling--;
        log.atWarn()
                .addKeyValue("tenant", dial.spec.route().key())
                .addKeyValue("server", dial.spec.target().address())
                .addKeyValue("error", failure.reason())
                .log("no link");
        loop.execute(this::dialNext);
        dial.request.onFailure(failure);
    }
}
