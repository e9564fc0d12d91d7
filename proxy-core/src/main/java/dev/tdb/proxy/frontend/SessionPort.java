package dev.tdb.proxy.frontend;

import dev.tdb.proxy.credential.Secret;
import dev.tdb.proxy.observe.QueryEvents;
import dev.tdb.proxy.relay.KeptBytes;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.function.Consumer;

/** What a conversation may do to its client's connection. Belongs to its event loop. */
public interface SessionPort {
    /** Unique on this node while the client is connected; 1 or more. What PostgreSQL calls a process id. */
    int sessionNumber();

    ByteBufAllocator allocator();

    /** Owns {@code bytes}; written in order with what is relayed, flushed by the session. */
    void toClient(ByteBuf bytes);

    /**
     * Owns {@code bytes}; written in order with what is relayed, flushed by the session. Only within {@link
     * Conversation#fromClient} and {@link Conversation#fromServer}, when the session is on a link.
     */
    void toServer(ByteBuf bytes);

    /**
     * Cancels what another session waits for, or ends that session, if {@code secret} is its own.
     *
     * @param then told whether it was, on this session's event loop and not before this call has returned; a unit that
     *     waits for that only may end with it
     */
    void interrupt(int sessionNumber, Secret secret, boolean ends, Consumer<Boolean> then);

    QueryEvents queryEvents();

    /** What may be remembered of this session and the others of its loop. */
    default KeptBytes keptBytes() {
        return KeptBytes.unbounded();
    }

    /** Address and port, for the query log. */
    String clientAddress();
}
