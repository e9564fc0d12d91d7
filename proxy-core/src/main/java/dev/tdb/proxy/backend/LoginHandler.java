package dev.tdb.proxy.backend;

import dev.tdb.proxy.credential.TlsServerEndPoint;
import dev.tdb.proxy.refusal.ProtocolViolation;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.Future;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ssl.SSLPeerUnverifiedException;

/** Logs in on a fresh connection, as its protocol says, and ends as a {@link Link} or a {@link LinkFailure}. */
final class LoginHandler extends ChannelInboundHandlerAdapter implements ServerLogin.Actions {
    private static final int KEPT_BYTES_MAX = 64 << 10;

    private final LinkSpec spec;
    private final ServerTlsContexts tls;
    private final Executor workers;
    private final long warmUntilNanos;
    private final ServerLogin login;
    private final Consumer<Link> onLink;
    private final Consumer<LinkFailure> onFailure;
    private final Channel channel;
    private final Future<?> deadline;
    private ByteBuf kept;
    private boolean over;

    /**
     * @param patience from now to being logged in
     * @param warmUntilNanos how long the link may be kept for others
     */
    LoginHandler(
            Channel channel,
            LinkSpec spec,
            ServerProtocol protocol,
            ServerTlsContexts tls,
            Executor workers,
            Duration patience,
            long warmUntilNanos,
            Consumer<Link> onLink,
            Consumer<LinkFailure> onFailure) {
        this.channel = channel;
        this.spec = spec;
        this.tls = tls;
        this.workers = workers;
        this.warmUntilNanos = warmUntilNanos;
        this.onLink = onLink;
        this.onFailure = onFailure;
        this.kept = io.netty.buffer.Unpooled.EMPTY_BUFFER;
        this.login = protocol.login(spec, this);
        this.deadline = channel.eventLoop()
                .schedule(
                        () -> fail(new LinkFailure.Unreachable("no login within " + patience.toMillis() + " ms")),
                        patience.toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        guard(login::onConnected);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        if (over) {
            bytes.release();
            return;
        }
        kept = ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(channel.alloc(), kept, bytes);
        if (kept.readableBytes() > KEPT_BYTES_MAX) {
            fail(new LinkFailure.Unreachable("more than " + KEPT_BYTES_MAX + " bytes in a login"));
            return;
        }
        ByteBuf in = kept.retain(); // the end of the login releases ours, while the login still looks
        try {
            guard(() -> login.onBytes(in));
        } finally {
            in.release();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof SslHandshakeCompletionEvent handshake) {
            if (handshake.isSuccess()) {
                guard(login::onTls);
            } else {
                fail(new LinkFailure.Unreachable("TLS: " + handshake.cause().getMessage()));
            }
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        fail(new LinkFailure.Unreachable("the server closed the connection during login"));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        fail(new LinkFailure.Unreachable(cause.toString()));
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        deadline.cancel(false);
        kept.release();
        kept = io.netty.buffer.Unpooled.EMPTY_BUFFER;
    }

    @Override
    public ByteBufAllocator allocator() {
        return channel.alloc();
    }

    @Override
    public void send(ByteBuf bytes) {
        channel.writeAndFlush(bytes, channel.voidPromise());
    }

    @Override
    public void startTls() {
        if (kept.isReadable()) {
            // Plaintext behind the server's consent would be taken for part of the protected stream.
            throw new ProtocolViolation("the server sent unencrypted bytes after agreeing to TLS");
        }
        channel.pipeline()
                .addBefore(
                        "login",
                        "tls",
                        tls.handler(spec.target().tls(), spec.target().address(), channel.alloc()));
    }

    @Override
    public Optional<byte[]> tlsServerEndPoint() {
        SslHandler handler = channel.pipeline().get(SslHandler.class);
        if (handler == null) {
            return Optional.empty();
        }
        try {
            Certificate[] chain = handler.engine().getSession().getPeerCertificates();
            return chain[0] instanceof X509Certificate certificate
                    ? TlsServerEndPoint.of(certificate)
                    : Optional.empty();
        } catch (SSLPeerUnverifiedException e) {
            return Optional.empty();
        }
    }

    @Override
    public <T> void offLoop(Callable<T> work, Consumer<T> then) {
        workers.execute(() -> {
            try {
                T result = work.call();
                channel.eventLoop().execute(() -> guard(() -> then.accept(result)));
            } catch (Exception e) {
                channel.eventLoop().execute(() -> fail(new LinkFailure.Unreachable(e.toString())));
            }
        });
    }

    @Override
    public void succeed(LinkFacts facts) {
        if (over) {
            return;
        }
        over = true;
        if (kept.isReadable()) {
            over = false;
            fail(new LinkFailure.Unreachable("bytes after the end of the login"));
            return;
        }
        Link link = new Link(channel, spec, facts, warmUntilNanos);
        channel.pipeline().replace(this, "link", link);
        onLink.accept(link);
    }

    @Override
    public void fail(LinkFailure failure) {
        if (!over) {
            over = true;
            channel.close();
            onFailure.accept(failure);
        }
    }

    private void guard(Runnable step) {
        if (over) {
            return;
        }
        try {
            step.run();
        } catch (ProtocolViolation violation) {
            fail(new LinkFailure.Unreachable("the server broke the protocol: " + violation.getMessage()));
        }
    }
}
