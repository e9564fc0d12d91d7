package dev.tdb.mysql.codec;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import dev.tdb.proxy.refusal.ProtocolViolation;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;

/** Of Zstandard (RFC 8878). Its window is as long as what comes out, and bounded by what a frame may stand for. */
final class ZstdUnpacking implements Unpacking {
    /** 16 MiB, in bits. */
    private static final int WINDOW_LOG_MAX = 24;

    private final ZstdDecompressCtx context = new ZstdDecompressCtx().setLongMax(WINDOW_LOG_MAX);
    private boolean done;

    @Override
    public void unpack(ByteBuf in, int count, ByteBuf out) {
        ByteBuffer source = in.nioBuffer(in.readerIndex(), count);
        ByteBuffer target = out.nioBuffer(out.writerIndex(), out.writableBytes());
        int room = target.remaining();
        try {
            done = context.decompressDirectByteBufferStream(target, source);
        } catch (ZstdException e) {
            throw new ProtocolViolation("a packet that cannot be decompressed");
        }
        in.skipBytes(count - source.remaining());
        out.writerIndex(out.writerIndex() + room - target.remaining());
    }

    @Override
    public boolean isDone() {
        return done;
    }

    @Override
    public void close() {
        context.close();
    }
}
