package dev.tdb.proxy.frontend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tdb.proxy.refusal.ProtocolViolation;
import dev.tdb.proxy.toy.NoLeaks;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
class StreamCodecHandlerTest {
    /** Every letter stands for three; an x for nothing that makes sense. What is sent is put in brackets. */
    private static final class Tripling implements StreamCodec {
        private final ByteBuf kept = Unpooled.buffer();
        private boolean encoding;
        private boolean closed;

        @Override
        public void add(ByteBuf bytes) {
            kept.writeBytes(bytes);
            bytes.release();
        }

        @Override
        public Optional<ByteBuf> next() {
            if (!kept.isReadable()) {
                return Optional.empty();
            }
            byte letter = kept.readByte();
            if (letter == 'x') {
                throw new ProtocolViolation("an x");
            }
            return Optional.of(Unpooled.wrappedBuffer(new byte[] {letter, letter, letter}));
        }

        @Override
        public boolean isEncoding() {
            return encoding;
        }

        @Override
        public void encode(ByteBuf plain, ByteBuf out) {
            out.writeByte('(').writeBytes(plain).writeByte(')');
        }

        @Override
        public void close() {
            closed = true;
            kept.release();
        }
    }

    private final Tripling codec = new Tripling();
    private final EmbeddedChannel channel = new EmbeddedChannel(new StreamCodecHandler(codec));

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
        assertThat(codec.closed).isTrue();
    }

    private static ByteBuf text(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
    }

    private static String text(ByteBuf bytes) {
        try {
            return bytes == null ? "nothing" : bytes.toString(StandardCharsets.US_ASCII);
        } finally {
            if (bytes != null) {
                bytes.release();
            }
        }
    }

    private String read() {
        return text(channel.<ByteBuf>readInbound());
    }

    private String written() {
        return text(channel.<ByteBuf>readOutbound());
    }

    @Test
    void whatTheClientSentIsHandedOnInPieces() {
        channel.writeInbound(text("ab"));

        assertThat(read()).isEqualTo("aaa");
        assertThat(read()).isEqualTo("bbb");
        assertThat(read()).isEqualTo("nothing");
    }

    @Test
    void nothingIsHandedOnWhileTheConnectionIsNotRead() {
        channel.config().setAutoRead(false);
        channel.writeInbound(text("ab"));
        assertThat(read()).isEqualTo("nothing");

        channel.config().setAutoRead(true);
        channel.runPendingTasks();

        assertThat(read()).isEqualTo("aaa");
        assertThat(read()).isEqualTo("bbb");
    }

    @Test
    void nonsenseIsSaidOnceAndNothingBehindItIsRead() {
        assertThatThrownBy(() -> channel.writeInbound(text("axb"))).isInstanceOf(ProtocolViolation.class);

        channel.writeInbound(text("c"));

        assertThat(read()).isEqualTo("aaa");
        assertThat(read()).isEqualTo("nothing");
    }

    @Test
    void beforeTheClientExpectsItNothingIsEncoded() {
        channel.writeOutbound(text("plain"));

        assertThat(written()).isEqualTo("plain");
    }

    @Test
    void whatIsFlushedTogetherIsEncodedTogether() {
        codec.encoding = true;
        channel.write(text("one"), channel.voidPromise());
        channel.write(text("two"), channel.voidPromise());
        assertThat(written()).isEqualTo("nothing");

        channel.flush();

        assertThat(written()).isEqualTo("(onetwo)");
    }

    @Test
    void aWriteThatSomebodyWaitsForTakesAlongWhatWasWrittenBefore() {
        codec.encoding = true;
        channel.write(text("last word"), channel.voidPromise());

        var done = channel.writeAndFlush(Unpooled.EMPTY_BUFFER);

        assertThat(done.isSuccess()).isTrue();
        assertThat(written()).isEqualTo("(last word)");
    }
}
