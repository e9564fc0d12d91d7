package dev.tdb.proxy.toy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Lines in buffers. */
public final class Lines {
    private Lines() {}

    public static ByteBuf of(ByteBufAllocator allocator, String text) {
        ByteBuf bytes = allocator.buffer();
        bytes.writeCharSequence(text, StandardCharsets.US_ASCII);
        return bytes;
    }

    /** Consumes the next whole line, without its end. */
    static Optional<String> next(ByteBuf in) {
        int length = in.bytesBefore((byte) '\n');
        if (length < 0) {
            return Optional.empty();
        }
        String line = in.readCharSequence(length, StandardCharsets.US_ASCII).toString();
        in.skipBytes(1);
        return Optional.of(line);
    }
}
