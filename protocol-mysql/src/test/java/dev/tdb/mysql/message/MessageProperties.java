package dev.tdb.mysql.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tdb.proxy.credential.Secret;
import dev.tdb.proxy.refusal.ProtocolViolation;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Laws of the messages that are read: what is written is read again, and nothing shorter is taken for it. */
class MessageProperties {
    private static final int ROUNDS = 200;
    private static final int CAPABILITIES = Capabilities.PROTOCOL_41
            | Capabilities.RESERVED2
            | Capabilities.CONNECT_WITH_DB
            | Capabilities.PLUGIN_AUTH
            | Capabilities.CONNECT_ATTRS
            | Capabilities.PLUGIN_AUTH_LENENC_CLIENT_DATA;

    private final long seed = new Random().nextLong();
    private final Random random = new Random(seed);

    private record Sample(Object message, Consumer<ByteBuf> encode, Function<ByteBuf, Object> decode) {}

    @Test
    void whatIsWrittenIsReadAgain() {
        for (int round = 0; round < ROUNDS; round++) {
            for (Sample sample : samples()) {
                ByteBuf bytes = Unpooled.buffer();
                sample.encode.accept(bytes);

                Object read = sample.decode.apply(bytes);

                assertThat(read).as("seed %d", seed).isEqualTo(sample.message);
                assertThat(bytes.isReadable()).as("seed %d", seed).isFalse();
            }
        }
    }

    @Test
    void whatEndsEarlyIsAViolationOrAShorterMessage() {
        for (Sample sample : samples()) {
            ByteBuf bytes = Unpooled.buffer();
            sample.encode.accept(bytes);
            // Some servers leave out the zero at the end of these.
            boolean lenient = sample.message instanceof HandshakeV10 || sample.message instanceof AuthSwitchRequest;
            int end = bytes.readableBytes() - (lenient ? 1 : 0);
            for (int length = 0; length < end; length++) {
                ByteBuf part = bytes.slice(0, length);
                try {
                    assertThat(sample.decode.apply(part)).as("seed %d", seed).isNotEqualTo(sample.message);
                } catch (ProtocolViolation violation) {
                    assertThat(violation.what()).isNotEmpty();
                }
            }
        }
    }

    @Test
    void anyBytesAreAMessageOrAViolation() {
        List<Sample> samples = samples();
        for (int round = 0; round < ROUNDS * 20; round++) {
            byte[] bytes = new byte[random.nextInt(60)];
            random.nextBytes(bytes);
            for (Sample sample : samples) {
                try {
                    assertThat(sample.decode.apply(Unpooled.wrappedBuffer(bytes)))
                            .isNotNull();
                } catch (ProtocolViolation violation) {
                    assertThat(violation.what()).isNotEmpty();
                }
            }
        }
    }

    @Test
    void numbersOfEveryLengthAreReadAsTheyWereWritten() {
        for (int bits = 0; bits < 64; bits++) {
            for (long number : new long[] {(1L << bits) - 1, 1L << bits, (1L << bits) + 1, random.nextLong()}) {
                ByteBuf bytes = Unpooled.buffer();
                LengthEncoded.writeLong(bytes, number);

                assertThat(LengthEncoded.readLong(bytes)).isEqualTo(number);
                assertThat(bytes.isReadable()).isFalse();
            }
        }
    }

    @Test
    void aPayloadOfAnyLengthGoesIntoAsManyPacketsAsItNeeds() {
        int max = Packets.PAYLOAD_BYTES_MAX;
        for (int length : new int[] {0, 1, max - 1, max, max + 1, 2 * max}) {
            ByteBuf out = Unpooled.buffer();
            Packets.writeLong(out, 7, Unpooled.wrappedBuffer(new byte[length]));

            int sequence = 7;
            int seen = 0;
            int last = max;
            while (last == max) {
                last = out.readUnsignedMediumLE();
                assertThat(out.readUnsignedByte()).isEqualTo((short) sequence++);
                out.skipBytes(last);
                seen += last;
            }
            assertThat(seen).isEqualTo(length);
            assertThat(out.isReadable()).isFalse();
        }
    }

    @Test
    void aPacketThatIsNotWholeIsNotReadAndOneThatIsTooLongIsAViolation() {
        ByteBuf bytes = Unpooled.buffer();
        Packets.write(bytes, 3, out -> out.writeZero(10));
        for (int length = 0; length < bytes.readableBytes(); length++) {
            assertThat(WholePacket.read(bytes.slice(0, length), 10)).isEqualTo(Optional.empty());
        }
        assertThat(WholePacket.read(bytes.slice(), 10).orElseThrow().sequence()).isEqualTo(3);
        assertThatThrownBy(() -> WholePacket.read(bytes, 9)).isInstanceOf(ProtocolViolation.class);
    }

    @Test
    void anOkPacketForAClientThatDoesNotTrackTellsNoChanges() {
        OkPacket ok = new OkPacket(OkPacket.OK, 1, 2, ServerStatus.AUTOCOMMIT, 0, "Rows matched: 1", List.of())
                .withChanges(List.of(new SessionChange(SessionChange.STATE_CHANGE, "\1" + "1")));
        ByteBuf out = Unpooled.buffer();

        ok.encode(out, false);

        assertThat(out.toString(StandardCharsets.ISO_8859_1)).isEqualTo("\0\1\2\2\0\0\0\17Rows matched: 1");
    }

    private List<Sample> samples() {
        return List.of(
                sample(
                        new HandshakeV10(
                                text(),
                                random.nextInt(),
                                nonce(),
                                random.nextInt() | Capabilities.PLUGIN_AUTH,
                                random.nextInt(256),
                                random.nextInt(65_536),
                                text()),
                        HandshakeV10::encode,
                        HandshakeV10::decode),
                sample(
                        new SSLRequest(Capabilities.PROTOCOL_41 | Capabilities.SSL, random.nextInt(), 45),
                        SSLRequest::encode,
                        LoginRequest::decode),
                sample(
                        new HandshakeResponse41(
                                CAPABILITIES,
                                random.nextInt(),
                                random.nextInt(256),
                                text(),
                                nonce(),
                                text(),
                                text(),
                                Map.of(text(), text())),
                        HandshakeResponse41::encode,
                        LoginRequest::decode),
                sample(new AuthSwitchRequest(text(), nonce()), AuthSwitchRequest::encode, AuthSwitchRequest::decode),
                sample(
                        new ComChangeUser(text(), nonce(), text(), random.nextInt(65_536), text()),
                        ComChangeUser::encode,
                        ComChangeUser::decode),
                sample(new AuthMoreData(nonce()), AuthMoreData::encode, AuthMoreData::decode),
                sample(new AuthData(nonce()), AuthData::encode, AuthData::decode),
                sample(new EofPacket(random.nextInt(65_536), 2), EofPacket::encode, EofPacket::decode),
                sample(new ErrPacket(random.nextInt(65_536), "HY000", text()), ErrPacket::encode, ErrPacket::decode),
                sample(ok(), (ok, out) -> ok.encode(out, true), OkPacket::decode));
    }

    private OkPacket ok() {
        OkPacket bare = new OkPacket(
                OkPacket.OK, random.nextInt(1 << 20), random.nextLong(), 2, random.nextInt(65_536), text(), List.of());
        return random.nextBoolean()
                ? bare
                : bare.withChanges(List.of(
                        new SessionChange(SessionChange.SCHEMA, "\3abc"),
                        new SessionChange(random.nextInt(200), text())));
    }

    private static <T> Sample sample(T message, BiConsumer<T, ByteBuf> encode, Function<ByteBuf, Object> decode) {
        return new Sample(message, out -> encode.accept(message, out), decode);
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(30); i >= 0; i--) {
            text.append((char) ('a' + random.nextInt(26)));
        }
        return text.toString();
    }

    private Secret nonce() {
        byte[] bytes = new byte[20];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (1 + random.nextInt(127));
        }
        return Secret.of(bytes);
    }
}
