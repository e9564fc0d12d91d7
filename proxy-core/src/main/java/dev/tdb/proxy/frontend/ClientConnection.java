package dev.tdb.proxy.frontend;

import dev.tdb.proxy.relay.ReadGate;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A client's connection, as its session uses it: whether it is read, and what is written to it. */
final class ClientConnection {
    private final Channel channel;
    private final ReadGate readGate;
    private boolean dirty;

    ClientConnection(Channel channel) {
        this.channel = channel;
        this.readGate = new ReadGate(channel.config());
    }

    Channel channel() {
        return channel;
    }

    ReadGate readGate() {
        return readGate;
    }

    boolean isWritable() {
        return channel.isWritable();
    }

    /** Owns {@code bytes}. */
    void write(ByteBuf bytes) {
        dirty = true;
        channel.write(bytes, channel.voidPromise());
    }

    /** Sends what was written since the last time. */
    void flush() {
        if (dirty) {
            dirty = false;
            channel.flush();
        }
    }

    /** Sends what was written, and closes: at the latest after {@code linger}. */
    void close(Duration linger) {
        ChannelFuture flushed = channel.writeAndFlush(Unpooled.EMPTY_BUFFER);
        flushed.addListener(ChannelFutureListener.CLOSE);
        if (!flushed.isDone()) {
            // A client that takes nothing any more would keep the connection, and what was written, for ever.
            var cut = channel.eventLoop().schedule(() -> channel.close(), linger.toMillis(), TimeUnit.MILLISECONDS);
            channel.closeFuture().addListener(_ -> cut.cancel(false));
        }
    }
}
