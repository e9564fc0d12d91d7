package dev.tdb.proxy.frontend;

import dev.tdb.proxy.observe.QueryEvents;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/** What a conversation may do to its client's connection. Belongs to its event loop. */
public interface SessionPort {
    /** Unique on this node while the client is connected; 1 or more. What PostgreSQL calls a process id. */
    int sessionNumber();

    ByteBufAllocator allocator();

    /** Owns {@code bytes}; written in order with what is relayed, flushed by the session. */
    void toClient(ByteBuf bytes);

    QueryEvents queryEvents();

    /** Address and port, for the query log. */
    String clientAddress();
}
