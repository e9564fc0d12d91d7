package dev.tdb.mysql.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tdb.proxy.refusal.ProtocolViolation;
import dev.tdb.testkit.leak.NoLeaks;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith(NoLeaks.class)
class CompressedStreamTest {
    /** As long as a frame may say that it is. */
    private static final int PLAIN_MAX = 0xff_ffff;

    private final CompressedStream stream = new CompressedStream(Compression.ZLIB, UnpooledByteBufAllocator.DEFAULT);

    @AfterEach
    void close() {
        stream.close();
    }

    private static byte[] frame(int sequence, int plainBytes, byte[] payload) {
        ByteBuf out = Unpooled.buffer();
        out.writeMediumLE(payload.length)
                .writeByte(sequence)
                .writeMediumLE(plainBytes)
                .writeBytes(payload);
        return ByteBufUtil.getBytes(out);
    }

    static byte[] packed(Compression compression, byte[] plain) {
        ByteBuf in = Unpooled.directBuffer().writeBytes(plain);
        ByteBuf out = Unpooled.directBuffer();
        try {
            compression.pack(in, out);
            return ByteBufUtil.getBytes(out);
        } finally {
            in.release();
            out.release();
        }
    }

    /** All that comes out, piece by piece. */
    private static void read(CompressedStream stream, Consumer<byte[]> pieces) {
        for (Optional<ByteBuf> piece = stream.next(); piece.isPresent(); piece = stream.next()) {
            pieces.accept(ByteBufUtil.getBytes(piece.get()));
            piece.get().release();
        }
    }

    private byte[] decoded(byte[] bytes) {
        ByteBuf all = Unpooled.buffer();
        stream.add(Unpooled.copiedBuffer(bytes));
        read(stream, all::writeBytes);
        return ByteBufUtil.getBytes(all);
    }

    private byte[] encoded(byte[] plain) {
        ByteBuf in = Unpooled.directBuffer().writeBytes(plain);
        ByteBuf out = Unpooled.directBuffer();
        try {
            stream.encode(in, out);
            return ByteBufUtil.getBytes(out);
        } finally {
            in.release();
            out.release();
        }
    }

    @Test
    void whatIsShortGoesAsItIs() {
        byte[] query = {1, 0, 0, 0, 0x0e};

        assertThat(decoded(frame(0, 0, query))).isEqualTo(query);
        assertThat(encoded(new byte[] {7, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0}))
                .isEqualTo(frame(1, 0, new byte[] {7, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0}));
    }

    @Test
    void framesOfAReplyCountOnFromTheLastOfTheCommand() {
        decoded(frame(0, 0, new byte[3]));
        decoded(frame(1, 0, new byte[3]));

        assertThat(encoded(new byte[5])[3]).isEqualTo((byte) 2);
        assertThat(encoded(new byte[5])[3]).isEqualTo((byte) 3);
        decoded(frame(0, 0, new byte[3]));
        assertThat(encoded(new byte[5])[3]).isEqualTo((byte) 1);
    }

    @Test
    void whatDoesNotGetShorterGoesAsItIs() {
        byte[] noise = new byte[200];
        new java.util.Random(1).nextBytes(noise);

        assertThat(encoded(noise)).isEqualTo(frame(0, 0, noise));
    }

    @ParameterizedTest
    @EnumSource
    void aFewBytesThatStandForManyComeOutInShortPieces(Compression compression) {
        CompressedStream bomb = new CompressedStream(compression, UnpooledByteBufAllocator.DEFAULT);
        try {
            byte[] packed = packed(compression, new byte[PLAIN_MAX]);
            assertThat(packed.length).isLessThan(100_000);
            bomb.add(Unpooled.copiedBuffer(frame(0, PLAIN_MAX, packed)));

            long[] sum = new long[1];
            read(bomb, piece -> {
                assertThat(piece.length).isLessThanOrEqualTo(CompressedStream.PIECE_BYTES);
                sum[0] += piece.length;
            });

            assertThat(sum[0]).isEqualTo(PLAIN_MAX);
        } finally {
            bomb.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFrameThatHoldsMoreThanItSaysIsAViolation(Compression compression) {
        assertViolation(compression, frame(0, 60, packed(compression, new byte[100])));
    }

    @ParameterizedTest
    @EnumSource
    void aFrameThatHoldsLessThanItSaysIsAViolation(Compression compression) {
        assertViolation(compression, frame(0, 101, packed(compression, new byte[100])));
    }

    @ParameterizedTest
    @EnumSource
    void aFrameThatEndsEarlyIsAViolation(Compression compression) {
        byte[] packed = packed(compression, new byte[100]);
        assertViolation(compression, frame(0, 100, Arrays.copyOf(packed, packed.length - 1)));
    }

    @ParameterizedTest
    @EnumSource
    void whatIsBehindTheEndIsAViolation(Compression compression) {
        byte[] packed = packed(compression, new byte[100]);
        assertViolation(compression, frame(0, 100, Arrays.copyOf(packed, packed.length + 1)));
    }

    @ParameterizedTest
    @EnumSource
    void nonsenseIsAViolation(Compression compression) {
        assertViolation(compression, frame(0, 100, new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}));
    }

    /** A window of 128 MiB would be allocated before the first byte is seen. */
    @Test
    void aWindowBeyondWhatAFrameMayStandForIsAViolation() {
        byte[] header = HexFormat.of().parseHex("28b52ffd" + "00" + "88" + "010000");
        assertViolation(Compression.ZSTD, frame(0, 100, header));
    }

    private static void assertViolation(Compression compression, byte[] frame) {
        CompressedStream stream = new CompressedStream(compression, UnpooledByteBufAllocator.DEFAULT);
        try {
            stream.add(Unpooled.copiedBuffer(frame));
            assertThatThrownBy(() -> read(stream, _ -> {})).isInstanceOf(ProtocolViolation.class);
        } finally {
            stream.close();
        }
    }
}
