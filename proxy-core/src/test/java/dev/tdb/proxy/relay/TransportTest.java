package dev.tdb.proxy.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class TransportTest {
    private static final int CLIENTS = 100;

    private final AtomicInteger came = new AtomicInteger();
    private final AtomicInteger open = new AtomicInteger();

    /** The bytes and the reset arrive together, or nearly: whichever the event loop sees first, it must see both. */
    @ParameterizedTest
    @EnumSource
    void aPeerThatResetsItsConnectionRightAfterSomeBytesIsGone(Transport transport) throws IOException {
        assumeTrue(transport.isAvailable(), transport + " is not available here");
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, transport.ioHandler());
        try {
            InetSocketAddress address = serve(transport, group, Visitor::new);

            for (int i = 0; i < CLIENTS; i++) {
                try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
                    socket.getOutputStream().write(new byte[5]);
                    socket.getOutputStream().write(new byte[14]);
                    socket.setSoLinger(true, 0);
                }
            }

            await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
                assertThat(came).hasValue(CLIENTS);
                assertThat(open).hasValue(0);
            });
        } finally {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        }
    }

    @ParameterizedTest
    @EnumSource
    void theKernelIsToldWhenToLookForAPeerThatSaysNothing(Transport transport) {
        assumeTrue(transport.isAvailable(), transport + " is not available here");
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, transport.ioHandler());
        try {
            Bootstrap bootstrap = new Bootstrap()
                    .group(group)
                    .channel(transport.clientChannel())
                    .option(ChannelOption.SO_KEEPALIVE, true)
                    .handler(new ChannelInboundHandlerAdapter());
            transport.probes().forEach(bootstrap::option);

            Channel channel = bootstrap
                    .connect(serve(transport, group, Visitor::new))
                    .syncUninterruptibly()
                    .channel();

            assertThat(channel.config().getOption(ChannelOption.SO_KEEPALIVE)).isTrue();
            assertThat(transport.probes())
                    .hasSize(3)
                    .allSatisfy((option, value) -> assertThat(channel.config().getOption(option))
                            .as(option.name())
                            .isEqualTo(value));
        } finally {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        }
    }

    /** Its last word is still on its way when the server closes, in the middle of a read. */
    @ParameterizedTest
    @EnumSource
    void aPeerThatWaitsForTheEndSeesIt(Transport transport) throws IOException {
        assumeTrue(transport.isAvailable(), transport + " is not available here");
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, transport.ioHandler());
        try {
            InetSocketAddress address = serve(transport, group, LastWord::new);

            for (int i = 0; i < CLIENTS; i++) {
                try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
                    socket.setSoTimeout(5_000);
                    socket.getOutputStream().write('?');

                    assertThat(socket.getInputStream().readAllBytes()).containsExactly('!');
                }
            }
        } finally {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        }
    }

    private InetSocketAddress serve(Transport transport, EventLoopGroup group, Supplier<ChannelHandler> visitor) {
        return (InetSocketAddress) new ServerBootstrap()
                .group(group)
                .channel(transport.serverChannel())
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        channel.pipeline().addLast(new ReadUntilClose(), visitor.get());
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .syncUninterruptibly()
                .channel()
                .localAddress();
    }

    private static final class LastWord extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ReferenceCountUtil.release(message);
            context.writeAndFlush(Unpooled.copiedBuffer(new byte[] {'!'}));
            context.close();
        }
    }

    private final class Visitor extends ChannelInboundHandlerAdapter {
        @Override
        public void channelActive(ChannelHandlerContext context) {
            came.incrementAndGet();
            open.incrementAndGet();
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ReferenceCountUtil.release(message);
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            open.decrementAndGet();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }
}
