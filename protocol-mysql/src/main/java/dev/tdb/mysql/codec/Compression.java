package dev.tdb.mysql.codec;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import io.netty.buffer.ByteBuf;
import java.util.zip.Deflater;

/**
 * The ways to compress a connection. Each frame stands for itself, and what it takes is made for it and given back: a
 * connection that rests holds nothing.
 */
public enum Compression {
    ZLIB {
        @Override
        void pack(ByteBuf plain, ByteBuf out) {
            Deflater deflater = new Deflater(Deflater.BEST_SPEED);
            try {
                deflater.setInput(plain.nioBuffer());
                deflater.finish();
                while (!deflater.finished()) {
                    out.ensureWritable(STEP_BYTES);
                    int count = deflater.deflate(out.nioBuffer(out.writerIndex(), out.writableBytes()));
                    out.writerIndex(out.writerIndex() + count);
                }
            } finally {
                deflater.end();
            }
        }

        @Override
        Unpacking unpacking() {
            return new ZlibUnpacking();
        }
    },

    ZSTD {
        @Override
        void pack(ByteBuf plain, ByteBuf out) {
            int bound = (int) Zstd.compressBound(plain.readableBytes());
            out.ensureWritable(bound);
            try (ZstdCompressCtx context = new ZstdCompressCtx()) {
                int count = context.setLevel(ZSTD_LEVEL)
                        .compress(out.nioBuffer(out.writerIndex(), bound), plain.nioBuffer());
                out.writerIndex(out.writerIndex() + count);
            }
        }

        @Override
        Unpacking unpacking() {
            return new ZstdUnpacking();
        }
    };

    private static final int STEP_BYTES = 512;
    /** Whatever the client would like: it is our time. */
    private static final int ZSTD_LEVEL = 1;

    /** Appends {@code plain}, both direct buffers, compressed. */
    abstract void pack(ByteBuf plain, ByteBuf out);

    abstract Unpacking unpacking();
}
