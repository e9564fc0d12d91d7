package dev.tdb.mysql.codec;

import dev.tdb.proxy.refusal.ProtocolViolation;
import io.netty.buffer.ByteBuf;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Of zlib (RFC 1950); its window is 32 KiB. */
final class ZlibUnpacking implements Unpacking {
    private final Inflater inflater = new Inflater();

    @Override
    public void unpack(ByteBuf in, int count, ByteBuf out) {
        inflater.setInput(in.nioBuffer(in.readerIndex(), count));
        try {
            int produced = inflater.inflate(out.nioBuffer(out.writerIndex(), out.writableBytes()));
            out.writerIndex(out.writerIndex() + produced);
        } catch (DataFormatException e) {
            throw new ProtocolViolation("a packet that cannot be inflated");
        }
        in.skipBytes(count - inflater.getRemaining());
    }

    @Override
    public boolean isDone() {
        return inflater.finished();
    }

    @Override
    public void close() {
        inflater.end();
    }
}
