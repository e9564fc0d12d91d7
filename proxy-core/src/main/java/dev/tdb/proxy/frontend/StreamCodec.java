package dev.tdb.proxy.frontend;

import dev.tdb.proxy.refusal.ProtocolViolation;
import io.netty.buffer.ByteBuf;
import java.util.Optional;

/** What a protocol does to all bytes of a client's connection, beneath its messages: it compresses them. One event loop's. */
public interface StreamCodec {
    /** Bytes as the client sent them; owns them. */
    void add(ByteBuf bytes);

    /**
     * The next piece of what the client said, for the caller to own; empty when that takes more of its bytes. It is short,
     * whatever it was made of.
     *
     * @throws ProtocolViolation when there is no sense in what the client sent
     */
    Optional<ByteBuf> next();

    /** Whether the client expects what it is sent to be encoded, too. */
    boolean isEncoding();

    /** Appends to {@code out} what the client is to be sent for all of {@code plain}. */
    void encode(ByteBuf plain, ByteBuf out);

    /** Gives back what it holds; nothing comes any more. */
    void close();
}
