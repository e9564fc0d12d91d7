package dev.tdb.postgres.frontend;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.FastThreadLocal;
import java.nio.charset.Charset;

/** Turns bytes of a message into a String with one allocation: the copy in between is the event loop's own. */
final class TextScratch {
    private static final FastThreadLocal<byte[]> SCRATCH = new FastThreadLocal<>() {
        @Override
        protected byte[] initialValue() {
            return new byte[QueryReporter.TEXT_BYTES_MAX];
        }
    };

    private TextScratch() {}

    /** At most {@link QueryReporter#TEXT_BYTES_MAX} bytes are read. */
    static String text(ByteBuf in, int index, int length, Charset charset) {
        byte[] scratch = SCRATCH.get();
        int count = Math.min(length, scratch.length);
        in.getBytes(index, scratch, 0, count);
        return new String(scratch, 0, count, charset);
    }
}
