package dev.tdb.proxy.frontend;

import dev.tdb.proxy.refusal.ProtocolViolation;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import java.util.Optional;

/**
 * Puts a {@link StreamCodec} between a client's connection and its session. A few bytes may stand for many: what they stand
 * for is handed on piece by piece, and only while the connection is read. What is written is encoded together when it is
 * flushed, or becomes much.
 */
final class StreamCodecHandler extends ChannelDuplexHandler {
    private static final int GATHERED_BYTES_MAX = 64 << 10;

    private final StreamCodec codec;
    private ByteBuf gathered = Unpooled.EMPTY_BUFFER;
    /** Reading was shut before all was handed on. */
    private boolean restOwed;

    private boolean over;

    StreamCodecHandler(StreamCodec codec) {
        this.codec = codec;
    }

    // ---- from the client

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        if (over) {
            bytes.release();
            return;
        }
        codec.add(bytes);
        handOn(context);
    }

    private void handOn(ChannelHandlerContext context) {
        try {
            while (!over && context.channel().config().isAutoRead()) {
                Optional<ByteBuf> piece = codec.next();
                if (piece.isEmpty()) {
                    restOwed = false;
                    return;
                }
                context.fireChannelRead(piece.get());
            }
            restOwed = true;
        } catch (ProtocolViolation violation) {
            over = true;
            context.fireExceptionCaught(violation);
        }
    }

    /** Whoever opens the connection again is in the middle of something: what is owed comes when that is done. */
    @Override
    public void read(ChannelHandlerContext context) {
        if (restOwed && !over) {
            restOwed = false;
            context.executor().execute(() -> goOn(context));
        } else {
            context.read();
        }
    }

    private void goOn(ChannelHandlerContext context) {
        handOn(context);
        context.fireChannelReadComplete();
        if (!restOwed) {
            context.read();
        }
    }

    // ---- to the client

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        ByteBuf plain = (ByteBuf) message;
        if (!codec.isEncoding()) {
            context.write(plain, promise);
            return;
        }
        if (!gathered.isReadable()) {
            gathered.release();
            gathered = context.alloc().directBuffer(plain.readableBytes());
        }
        gathered.writeBytes(plain);
        plain.release();
        if (!promise.isVoid() || gathered.readableBytes() >= GATHERED_BYTES_MAX) {
            encode(context, promise);
        }
    }

    private void encode(ChannelHandlerContext context, ChannelPromise promise) {
        ByteBuf plain = gathered;
        gathered = Unpooled.EMPTY_BUFFER;
        ByteBuf out = context.alloc().directBuffer();
        codec.encode(plain, out);
        plain.release();
        context.write(out, promise);
    }

    @Override
    public void flush(ChannelHandlerContext context) {
        if (gathered.isReadable()) {
            encode(context, context.voidPromise());
        }
        context.flush();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        over = true;
        gathered.release();
        gathered = Unpooled.EMPTY_BUFFER;
        codec.close();
    }
}
