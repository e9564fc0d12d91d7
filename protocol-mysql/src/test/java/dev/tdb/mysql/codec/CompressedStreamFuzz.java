package dev.tdb.mysql.codec;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.tdb.proxy.refusal.ProtocolViolation;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.Optional;

/** Any bytes are read in short pieces, or are one violation. */
class CompressedStreamFuzz {
    @FuzzTest(maxDuration = "2m")
    void anyBytes(FuzzedDataProvider data) {
        CompressedStream stream =
                new CompressedStream(data.pickValue(Compression.values()), UnpooledByteBufAllocator.DEFAULT);
        try {
            while (data.remainingBytes() > 0) {
                byte[] payload = data.consumeBytes(200);
                if (data.consumeBoolean()) {
                    int plainBytes = data.consumeInt(0, 0xff_ffff);
                    stream.add(Unpooled.buffer()
                            .writeMediumLE(payload.length)
                            .writeByte(0)
                            .writeMediumLE(plainBytes));
                }
                stream.add(Unpooled.wrappedBuffer(payload));
                read(stream);
            }
        } catch (ProtocolViolation _) {
            // The one way to end that is a peer's fault.
        } finally {
            stream.close();
        }
    }

    private static void read(CompressedStream stream) {
        for (Optional<ByteBuf> piece = stream.next(); piece.isPresent(); piece = stream.next()) {
            int length = piece.get().readableBytes();
            piece.get().release();
            if (length == 0 || length > CompressedStream.PIECE_BYTES) {
                throw new AssertionError("a piece of " + length + " bytes");
            }
        }
    }
}
