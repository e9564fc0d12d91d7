package dev.tdb.proxy.listen;

import dev.tdb.proxy.frontend.ClientOrigin;
import dev.tdb.proxy.frontend.FrontendLoop;
import dev.tdb.proxy.frontend.FrontendSession;
import dev.tdb.proxy.frontend.ProtocolNode;
import dev.tdb.proxy.frontend.SessionLimits;
import dev.tdb.proxy.observe.Meters;
import dev.tdb.proxy.refusal.Refusal;
import dev.tdb.proxy.relay.ReadUntilClose;
import dev.tdb.proxy.relay.Transport;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Accepts clients of one protocol at one address, within its own limit and the node's, and makes sessions of them. */
final class Listener {
    /** Connections beyond the limit that are still told so; more are closed without a word. */
    private static final int TOLD_MAX = 256;

    private final ListenerConfig config;
    private final ProtocolNode node;
    private final Map<EventLoop, FrontendLoop> loops;
    private final Meters meters;
    private final Duration loginPatience;
    private final Places places;
    private final Places placesOfNode;
    private final Channel channel;

    Listener(
            ListenerConfig config,
            ProtocolNode node,
            Map<EventLoop, FrontendLoop> loops,
            EventLoopGroup group,
            Transport transport,
            SessionLimits limits,
            Duration loginPatience,
            Places placesOfNode,
            Meters meters)
            throws IOException {
        this.config = config;
        this.node = node;
        this.loops = Map.copyOf(loops);
        this.meters = meters;
        this.loginPatience = loginPatience;
        this.places = new Places(config.connectionsMax());
        this.placesOfNode = placesOfNode;
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(group)
                .channel(transport.serverChannel())
                .option(ChannelOption.SO_BACKLOG, 1024)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childOption(
                        ChannelOption.WRITE_BUFFER_WATER_MARK,
                        new WriteBufferWaterMark(limits.writeLowBytes(), limits.writeHighBytes()))
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel client) {
                        client.pipeline().addLast(new ReadUntilClose());
                        accept(client);
                    }
                });
        transport.probes().forEach(bootstrap::childOption);
        var bound = bootstrap.bind(config.address()).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException(
                    "cannot listen on " + config.address() + ": "
                            + bound.cause().getMessage(),
                    bound.cause());
        }
        this.channel = bound.channel();
    }

    InetSocketAddress address() {
        return (InetSocketAddress) channel.localAddress();
    }

    /** Accepts nobody any more; those who are in stay. */
    void close() {
        channel.close().awaitUninterruptibly();
    }

    private void accept(Channel client) {
        int beyond = places.take();
        int beyondOfNode = placesOfNode.take();
        meters.accepted();
        client.closeFuture().addListener(_ -> {
            places.leave();
            placesOfNode.leave();
            meters.disconnected();
        });
        if (Math.max(beyond, beyondOfNode) > TOLD_MAX) {
            client.close();
            return;
        }
        Optional<Refusal> full = beyond > 0
                ? Optional.of(new Refusal.TooManyConnections(places.max()))
                : beyondOfNode > 0 ? Optional.of(new Refusal.TooManyConnections(placesOfNode.max())) : Optional.empty();
        InetSocketAddress peer = (InetSocketAddress) client.remoteAddress();
        if (peer == null) {
            // It left before it was looked at.
            client.close();
            return;
        }
        if (config.proxySources().stream().anyMatch(range -> range.contains(peer.getAddress()))) {
            client.pipeline()
                    .addLast("proxy", new HAProxyMessageDecoder())
                    .addLast("proxy-address", new ProxiedClient(peer, full));
        } else {
            begin(client, ClientOrigin.direct(peer), full);
        }
    }

    private void begin(Channel client, ClientOrigin origin, Optional<Refusal> full) {
        FrontendLoop loop = loops.get(client.eventLoop());
        if (loop == null) {
            throw new IllegalStateException("a client on a loop of somebody else's");
        }
        client.pipeline().addLast("session", new FrontendSession(client, origin, node, loop, config.tls(), full));
    }

    /** Waits for the PROXY protocol's header, which names the client that is really there. */
    private final class ProxiedClient extends ChannelInboundHandlerAdapter {
        private final InetSocketAddress peer;
        private final Optional<Refusal> full;

        private ProxiedClient(InetSocketAddress peer, Optional<Refusal> full) {
            this.peer = peer;
            this.full = full;
        }

        @Override
        public void handlerAdded(ChannelHandlerContext context) {
            var timer = context.channel()
                    .eventLoop()
                    .schedule(
                            () -> {
                                if (!context.isRemoved()) {
                                    context.close();
                                }
                            },
                            loginPatience.toMillis(),
                            TimeUnit.MILLISECONDS);
            context.channel().closeFuture().addListener(_ -> timer.cancel(false));
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (!(message instanceof HAProxyMessage header)) {
                context.fireChannelRead(message);
                return;
            }
            ClientOrigin origin = origin(header);
            header.release();
            begin(context.channel(), origin, full);
            context.pipeline().remove(this);
        }

        /**
         * LOCAL says that the connection is the other proxy's own, as when it asks whether we live. A header that is UNKNOWN,
         * or of another family, says that it speaks for somebody without saying for whom: who that is, it is not the other
         * proxy, and has none of the rights that come with its address.
         */
        private ClientOrigin origin(HAProxyMessage header) {
            if (header.command() == HAProxyCommand.LOCAL) {
                return ClientOrigin.direct(peer);
            }
            String text = header.sourceAddress();
            InetAddress source = text == null ? null : NetUtil.createInetAddressFromIpAddressString(text);
            return source == null
                    ? ClientOrigin.unknownBehind(peer)
                    : ClientOrigin.behind(peer, new InetSocketAddress(source, header.sourcePort()));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }
}
