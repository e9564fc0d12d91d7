package dev.tdb.proxy.relay;

import io.netty.channel.ChannelOption;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringChannelOption;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import java.util.Map;
import jdk.net.ExtendedSocketOptions;

/** How the kernel is asked for bytes; chosen once, at start. */
public enum Transport {
    IO_URING,
    EPOLL,
    NIO;

    /** Of silence, before a peer is asked whether it is still there. */
    private static final int PROBE_AFTER_SECONDS = 60;

    private static final int PROBE_EVERY_SECONDS = 10;
    private static final int PROBES_MAX = 6;

    static {
        // With one poll for many events, Netty 4.2.18 never hears of a peer that resets its connection between an event
        // and the read that the event causes: the session would stay for ever. A poll for each event sees it. Netty
        // reads this once, when io_uring is first asked for.
        if (System.getProperty("io.netty.iouring.pollAddMultishotEnabled") == null) {
            System.setProperty("io.netty.iouring.pollAddMultishotEnabled", "false");
        }
    }

    /** The best this machine has. */
    public static Transport best() {
        if (IoUring.isAvailable()) {
            return IO_URING;
        }
        return Epoll.isAvailable() ? EPOLL : NIO;
    }

    public boolean isAvailable() {
        return switch (this) {
            case IO_URING -> IoUring.isAvailable();
            case EPOLL -> Epoll.isAvailable();
            case NIO -> true;
        };
    }

    public IoHandlerFactory ioHandler() {
        return switch (this) {
            case IO_URING -> IoUringIoHandler.newFactory();
            case EPOLL -> EpollIoHandler.newFactory();
            case NIO -> NioIoHandler.newFactory();
        };
    }

    public Class<? extends ServerSocketChannel> serverChannel() {
        return switch (this) {
            case IO_URING -> IoUringServerSocketChannel.class;
            case EPOLL -> EpollServerSocketChannel.class;
            case NIO -> NioServerSocketChannel.class;
        };
    }

    public Class<? extends SocketChannel> clientChannel() {
        return switch (this) {
            case IO_URING -> IoUringSocketChannel.class;
            case EPOLL -> EpollSocketChannel.class;
            case NIO -> NioSocketChannel.class;
        };
    }

    /**
     * When the kernel looks for a peer that says nothing, by SO_KEEPALIVE: one that is gone without a word is noticed
     * within two minutes, instead of the kernel's two hours. TCP_USER_TIMEOUT is left alone: it would also end a peer
     * that lives and only does not read.
     */
    public Map<ChannelOption<Integer>, Integer> probes() {
        return switch (this) {
            case IO_URING ->
                Map.of(
                        IoUringChannelOption.TCP_KEEPIDLE,
                        PROBE_AFTER_SECONDS,
                        IoUringChannelOption.TCP_KEEPINTVL,
                        PROBE_EVERY_SECONDS,
                        IoUringChannelOption.TCP_KEEPCNT,
                        PROBES_MAX);
            case EPOLL ->
                Map.of(
                        EpollChannelOption.TCP_KEEPIDLE,
                        PROBE_AFTER_SECONDS,
                        EpollChannelOption.TCP_KEEPINTVL,
                        PROBE_EVERY_SECONDS,
                        EpollChannelOption.TCP_KEEPCNT,
                        PROBES_MAX);
            case NIO ->
                Map.of(
                        NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPIDLE),
                        PROBE_AFTER_SECONDS,
                        NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPINTERVAL),
                        PROBE_EVERY_SECONDS,
                        NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPCOUNT),
                        PROBES_MAX);
        };
    }
}
