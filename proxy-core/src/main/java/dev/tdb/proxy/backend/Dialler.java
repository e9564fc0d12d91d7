package dev.tdb.proxy.backend;

import dev.tdb.proxy.relay.ReadUntilClose;
import dev.tdb.proxy.relay.Transport;
import dev.tdb.proxy.route.ServerAddress;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** Opens connections to servers, by address or by name, each within a time. Belongs to the loop. */
final class Dialler {
    private final EventLoop loop;
    private final HostLookup hosts;
    private final Transport transport;
    private final Duration patience;

    /** @param patience for the name and the connection together */
    Dialler(EventLoop loop, HostLookup hosts, Transport transport, Duration patience) {
        this.loop = loop;
        this.hosts = hosts;
        this.transport = transport;
        this.patience = patience;
    }

    /** When a dial that begins now has to be over. */
    long deadlineNanos() {
        return System.nanoTime() + patience.toNanos();
    }

    /**
     * Connects {@code handler} to a server; {@code onFailure} is told, on the loop and later, when that is not possible by
     * {@code untilNanos}.
     */
    void connect(ServerAddress server, ChannelHandler handler, long untilNanos, Consumer<LinkFailure> onFailure) {
        InetAddress literal = NetUtil.createInetAddressFromIpAddressString(server.host());
        if (literal != null) {
            connect(new InetSocketAddress(literal, server.port()), handler, untilNanos, onFailure);
            return;
        }
        hosts.find(server.host())
                .orTimeout(untilNanos - System.nanoTime(), TimeUnit.NANOSECONDS)
                .whenCompleteAsync(
                        (found, failure) -> {
                            if (failure != null) {
                                onFailure.accept(new LinkFailure.Unreachable(reason(server.host(), failure)));
                            } else {
                                connect(new InetSocketAddress(found, server.port()), handler, untilNanos, onFailure);
                            }
                        },
                        loop);
    }

    private String reason(String host, Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause instanceof TimeoutException
                ? "no address of host " + host + " within " + patience.toMillis() + " ms"
                : "unknown host " + host;
    }

    private void connect(
            InetSocketAddress address, ChannelHandler handler, long untilNanos, Consumer<LinkFailure> onFailure) {
        bootstrap(handler, untilNanos).connect(address).addListener(connected -> {
            if (!connected.isSuccess()) {
                String reason = String.valueOf(connected.cause().getMessage());
                // A channel that could not even be made fails on a thread of Netty's own.
                loop.execute(() -> onFailure.accept(new LinkFailure.Unreachable(reason)));
            }
        });
    }

    private Bootstrap bootstrap(ChannelHandler handler, long untilNanos) {
        long millis = TimeUnit.NANOSECONDS.toMillis(untilNanos - System.nanoTime());
        Bootstrap bootstrap = new Bootstrap()
                .group(loop)
                .channel(transport.clientChannel())
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_KEEPALIVE, true)
                // 0 would mean for ever.
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, Math.clamp(millis, 1, Integer.MAX_VALUE))
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new ReadUntilClose(), handler);
                    }
                });
        transport.probes().forEach(bootstrap::option);
        return bootstrap;
    }
}
