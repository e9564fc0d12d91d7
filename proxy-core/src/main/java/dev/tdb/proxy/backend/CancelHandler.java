package dev.tdb.proxy.backend;

import dev.tdb.proxy.route.ServerTls;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.util.concurrent.TimeUnit;

/** Carries one cancel request to a server, over TLS when the link itself must be, and waits until it was taken. */
final class CancelHandler extends ChannelInboundHandlerAdapter {
    private static final long PATIENCE_MILLIS = 10_000;

    private final LinkSpec spec;
    private final ServerProtocol protocol;
    private final ServerTlsContexts tls;
    private final ByteBuf request;
    private final Runnable done;
    private boolean sent;
    private boolean over;

    CancelHandler(LinkSpec spec, ServerProtocol protocol, ServerTlsContexts tls, ByteBuf request, Runnable done) {
        this.spec = spec;
        this.protocol = protocol;
        this.tls = tls;
        this.request = request;
        this.done = done;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        context.channel().eventLoop().schedule(() -> context.close(), PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        ServerTls.Mode mode = spec.target().tls().mode();
        var upgrade = protocol.tlsRequest(context.alloc());
        // Like libpq, the key goes in plaintext when TLS is only preferred: the query it cancels is no secret then.
        if (mode == ServerTls.Mode.DISABLE || mode == ServerTls.Mode.PREFER || upgrade.isEmpty()) {
            upgrade.ifPresent(ByteBuf::release);
            send(context);
        } else {
            context.writeAndFlush(upgrade.get());
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        boolean agreed = !sent && bytes.readableBytes() == 1 && bytes.getByte(bytes.readerIndex()) == 'S';
        bytes.release();
        if (agreed) {
            context.pipeline()
                    .addBefore(
                            context.name(),
                            "tls",
                            tls.handler(spec.target().tls(), spec.target().address(), context.alloc()));
        } else {
            context.close();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof SslHandshakeCompletionEvent handshake) {
            if (handshake.isSuccess()) {
                send(context);
            } else {
                context.close();
            }
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        finish();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }

    /** The request was taken, or never will be. */
    void finish() {
        if (!over) {
            over = true;
            if (!sent) {
                request.release();
            }
            done.run();
        }
    }

    private void send(ChannelHandlerContext context) {
        sent = true;
        context.writeAndFlush(request);
    }
}
