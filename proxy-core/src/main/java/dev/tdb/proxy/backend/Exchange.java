package dev.tdb.proxy.backend;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.Optional;

/**
 * A question of the proxy's own to a server, on a link that no unit of work is using. Used once; belongs to the link's
 * event loop.
 *
 * @param <R> what the answer says
 */
public interface Exchange<R> {
    /** The bytes to send; the caller owns them. May be empty: then {@link #onBytes} is asked at once. */
    ByteBuf request(ByteBufAllocator allocator);

    /**
     * Consumes the messages that are whole; what is left comes again, with more behind it.
     *
     * @return the result, once the server is ready for the next command; then nothing of the answer is left in
     *     {@code in}
     */
    Optional<R> onBytes(ByteBuf in);
}
