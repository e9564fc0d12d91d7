package dev.tdb.mysql.codec;

import dev.tdb.proxy.refusal.ProtocolViolation;
import io.netty.buffer.ByteBuf;

/** One compressed frame on its way to be plain again. Holds memory outside the heap until it is closed. */
sealed interface Unpacking permits ZlibUnpacking, ZstdUnpacking {
    /**
     * Appends to {@code out} as much as there is room for.
     *
     * @param in of the frame at most {@code count} bytes, which it consumes as far as it needs them; direct, like {@code out}
     * @throws ProtocolViolation when there is no sense in them
     */
    void unpack(ByteBuf in, int count, ByteBuf out);

    /** Whether all has come out, and been found right. */
    boolean isDone();

    void close();
}
