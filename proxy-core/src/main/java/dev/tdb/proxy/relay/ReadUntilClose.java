package dev.tdb.proxy.relay;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;

/**
 * Stands first in every pipeline: who closes a channel reads it no more.
 *
 * <p>Netty 4.2.18 closes an io_uring channel when its last write is through. At once it cancels what the kernel was asked
 * for, but until then it takes the channel for active, and whoever reads it asks for a poll that nobody cancels. A poll
 * keeps the socket: a peer that waits for the end never sees it, and no deadline of ours helps, since for Netty the
 * channel is closed. It takes no more than a close while bytes are read, with a last word or the alert of a failed TLS
 * handshake under way: when they are read, both auto-read and TLS ask for more. With one poll for many events it would
 * not be asked for again; {@link Transport} says why there is one for each.
 */
public final class ReadUntilClose extends ChannelOutboundHandlerAdapter {
    private boolean closing;

    @Override
    public void read(ChannelHandlerContext context) {
        if (!closing) {
            context.read();
        }
    }

    @Override
    public void close(ChannelHandlerContext context, ChannelPromise promise) {
        closing = true;
        context.close(promise);
    }
}
