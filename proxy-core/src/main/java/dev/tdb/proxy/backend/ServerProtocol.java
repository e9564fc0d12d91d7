package dev.tdb.proxy.backend;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.Optional;

/** What a protocol knows about being a client of its servers. Stateless; used by all event loops. */
public interface ServerProtocol {
    ServerLogin login(LinkSpec spec, ServerLogin.Actions actions);

    /** Makes a link as good as new for the next session; empty when the protocol cannot. False: close the link. */
    Optional<Exchange<Boolean>> reset(LinkFacts facts);

    /**
     * Has the server do at once what it would do at the first use of a link; empty when there is no such thing. False:
     * close the link.
     */
    default Optional<Exchange<Boolean>> warmUp(LinkFacts facts) {
        return Optional.empty();
    }

    /**
     * The bytes that, sent on a connection of their own, cancel what the link is doing; empty when this protocol
     * cancels by {@link #cancelCommand}, or not at all.
     */
    Optional<ByteBuf> cancelRequest(LinkFacts facts, ByteBufAllocator allocator);

    /** What cancels what the link with {@code facts} is doing, said on another link of the same kind. */
    default Optional<Exchange<Boolean>> cancelCommand(LinkFacts facts) {
        return Optional.empty();
    }

    /** The first bytes of a TLS upgrade on a connection for {@link #cancelRequest}, and whether one is needed. */
    Optional<ByteBuf> tlsRequest(ByteBufAllocator allocator);

    /** A polite last word before the connection is closed; may be empty. */
    ByteBuf farewell(ByteBufAllocator allocator);
}
