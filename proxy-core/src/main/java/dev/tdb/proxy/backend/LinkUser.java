package dev.tdb.proxy.backend;

import io.netty.buffer.ByteBuf;

/** The session a link is lent to. Called on the link's event loop. */
public interface LinkUser {
    /** Owns {@code bytes}. */
    void onServerBytes(ByteBuf bytes);

    /** One read of the server is over: the time to flush. */
    void onServerReadComplete();

    /** The server takes more bytes, or no more for now. */
    void onServerWritable(boolean writable);

    /** The connection is gone, or was closed because the server broke the protocol. */
    void onLinkLost();
}
