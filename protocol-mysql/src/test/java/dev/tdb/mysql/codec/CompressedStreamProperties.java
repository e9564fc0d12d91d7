package dev.tdb.mysql.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tdb.testkit.leak.NoLeaks;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What one end encodes the other reads, wherever TCP cuts it. */
@ExtendWith(NoLeaks.class)
class CompressedStreamProperties {
    private static final int ROUNDS = 200;

    @ParameterizedTest
    @EnumSource
    void whatIsEncodedIsReadAgain(Compression compression) {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        CompressedStream writer = new CompressedStream(compression, UnpooledByteBufAllocator.DEFAULT);
        CompressedStream reader = new CompressedStream(compression, UnpooledByteBufAllocator.DEFAULT);
        try {
            for (int round = 0; round < ROUNDS; round++) {
                byte[] plain = plain(random);

                byte[] read = cut(encoded(writer, plain), reader, random);

                assertThat(read).as("seed %d, round %d", seed, round).isEqualTo(plain);
            }
        } finally {
            writer.close();
            reader.close();
        }
    }

    /** Short and long, repetitive and not. */
    private static byte[] plain(Random random) {
        int length = 1 + random.nextInt(random.nextBoolean() ? 120 : 200_000);
        byte[] plain = new byte[length];
        if (random.nextBoolean()) {
            random.nextBytes(plain);
        }
        for (int i = random.nextInt(length); i < length; i += 1 + random.nextInt(40)) {
            plain[i] = (byte) random.nextInt(3);
        }
        return plain;
    }

    private static byte[] encoded(CompressedStream writer, byte[] plain) {
        ByteBuf in = Unpooled.directBuffer().writeBytes(plain);
        ByteBuf out = Unpooled.directBuffer();
        try {
            writer.encode(in, out);
            return ByteBufUtil.getBytes(out);
        } finally {
            in.release();
            out.release();
        }
    }

    private static byte[] cut(byte[] bytes, CompressedStream reader, Random random) {
        ByteBuf all = Unpooled.buffer();
        int at = 0;
        while (at < bytes.length) {
            int count = Math.min(bytes.length - at, 1 + random.nextInt(random.nextBoolean() ? 5 : 70_000));
            reader.add(Unpooled.copiedBuffer(bytes, at, count));
            at += count;
            for (Optional<ByteBuf> piece = reader.next(); piece.isPresent(); piece = reader.next()) {
                all.writeBytes(piece.get());
                piece.get().release();
            }
        }
        return ByteBufUtil.getBytes(all);
    }
}
