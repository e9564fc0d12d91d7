package dev.tdb.postgres.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tdb.proxy.credential.Secret;
import dev.tdb.proxy.refusal.ProtocolViolation;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Laws of the messages that are read: what is written is read again, and nothing shorter or longer is taken for it. */
class MessageProperties {
    private static final int ROUNDS = 200;

    private final long seed = new Random().nextLong();
    private final Random random = new Random(seed);

    private record Sample(BackendMessage message, Consumer<ByteBuf> encode) {}

    @Test
    void aMessageOfAServerIsReadAsItWasWritten() {
        for (int round = 0; round < ROUNDS; round++) {
            for (Sample sample : samples()) {
                ByteBuf bytes = Unpooled.buffer();
                sample.encode.accept(bytes);

                WholeMessage whole = WholeMessage.read(bytes, 100_000).orElseThrow();

                assertThat(BackendMessage.decode(whole.type(), whole.body()))
                        .as("seed %d", seed)
                        .isEqualTo(sample.message);
                assertThat(bytes.isReadable()).as("seed %d", seed).isFalse();
            }
        }
    }

    @Test
    void aMessageThatIsNotWholeIsNotRead() {
        for (Sample sample : samples()) {
            ByteBuf bytes = Unpooled.buffer();
            sample.encode.accept(bytes);

            for (int length = 0; length < bytes.readableBytes(); length++) {
                assertThat(WholeMessage.read(bytes.slice(0, length), 100_000))
                        .as("seed %d", seed)
                        .isEmpty();
            }
        }
    }

    @Test
    void aBodyThatGoesOnBehindItsEndIsAViolation() {
        for (Sample sample : samples()) {
            if (!takesAllThereIs(sample.message)) {
                ByteBuf bytes = Unpooled.buffer();
                sample.encode.accept(bytes);
                byte type = bytes.getByte(0);
                ByteBuf longer =
                        bytes.slice(5, bytes.readableBytes() - 5).copy().writeByte(0);

                assertThatThrownBy(() -> BackendMessage.decode(type, longer))
                        .as("seed %d, %s", seed, sample.message)
                        .isInstanceOf(ProtocolViolation.class);
            }
        }
    }

    @Test
    void anyBytesAreAMessageOrAViolation() {
        String types = "RKEvNSZTX";
        for (int round = 0; round < ROUNDS * 20; round++) {
            byte[] body = new byte[random.nextInt(40)];
            random.nextBytes(body);
            if (body.length >= 4 && random.nextBoolean()) {
                body[0] = 0;
                body[1] = 0;
                body[2] = 0;
                body[3] = (byte) random.nextInt(13);
            }
            byte type = (byte) types.charAt(random.nextInt(types.length()));

            ByteBuf bytes = Unpooled.wrappedBuffer(body);
            try {
                assertThat(BackendMessage.decode(type, bytes)).isNotNull();
                assertThat(bytes.isReadable()).as("seed %d", seed).isFalse();
            } catch (ProtocolViolation _) {
                // The one other outcome.
            }
        }
    }

    @Test
    void aPacketOfAClientIsReadAsItWasWritten() {
        for (int round = 0; round < ROUNDS; round++) {
            Map<String, String> parameters = new LinkedHashMap<>();
            for (int i = random.nextInt(6); i > 0; i--) {
                parameters.put(text() + i, text());
            }
            StartupMessage startup = new StartupMessage(3, random.nextInt(65_536), parameters);
            CancelRequest cancel = new CancelRequest(random.nextInt(), secret(4 + random.nextInt(253)));
            ByteBuf bytes = Unpooled.buffer();
            startup.encode(bytes);
            cancel.encode(bytes);
            new SSLRequest().encode(bytes);
            new GSSENCRequest().encode(bytes);

            assertThat(StartupPacket.read(bytes)).as("seed %d", seed).contains(startup);
            assertThat(StartupPacket.read(bytes)).as("seed %d", seed).contains(cancel);
            assertThat(StartupPacket.read(bytes)).contains(new SSLRequest());
            assertThat(StartupPacket.read(bytes)).contains(new GSSENCRequest());
            assertThat(bytes.isReadable()).isFalse();
        }
    }

    @Test
    void aProofIsReadAsItWasWritten() {
        PasswordMessage password = new PasswordMessage(Secret.of(text()));
        SASLInitialResponse initial = new SASLInitialResponse("SCRAM-SHA-256", text());
        SASLInitialResponse silent = new SASLInitialResponse("SCRAM-SHA-256", "");
        SASLResponse response = new SASLResponse(text());

        assertThat(PasswordMessage.decode(body(password::encode))).isEqualTo(password);
        assertThat(SASLInitialResponse.decode(body(initial::encode))).isEqualTo(initial);
        assertThat(SASLInitialResponse.decode(body(silent::encode))).isEqualTo(silent);
        assertThat(SASLResponse.decode(body(response::encode))).isEqualTo(response);
    }

    @Test
    void nothingSecretIsPrinted() {
        Secret secret = Secret.of("hush hush");

        assertThat(new PasswordMessage(secret).toString()
                        + new BackendKeyData(1, secret)
                        + new CancelRequest(1, secret))
                .doesNotContain("hush");
    }

    private static ByteBuf body(Consumer<ByteBuf> encode) {
        ByteBuf bytes = Unpooled.buffer();
        encode.accept(bytes);
        return WholeMessage.read(bytes, 10_000).orElseThrow().body();
    }

    /** Whether whatever is behind such a message's last field belongs to that field. */
    private static boolean takesAllThereIs(BackendMessage message) {
        return switch (message) {
            case BackendKeyData _, NoticeResponse _, AuthenticationSASLContinue _, AuthenticationSASLFinal _ -> true;
            case AuthenticationOk _,
                    AuthenticationCleartextPassword _,
                    AuthenticationMD5Password _,
                    AuthenticationSASL _,
                    ErrorResponse _,
                    NegotiateProtocolVersion _,
                    ParameterStatus _,
                    ReadyForQuery _ -> false;
        };
    }

    private List<Sample> samples() {
        AuthenticationMD5Password md5 = new AuthenticationMD5Password(secret(4));
        AuthenticationSASL sasl = new AuthenticationSASL(List.of("SCRAM-SHA-256-PLUS", text()));
        AuthenticationSASLContinue challenge = new AuthenticationSASLContinue("r=" + random.nextLong());
        AuthenticationSASLFinal last = new AuthenticationSASLFinal("v=" + random.nextLong());
        BackendKeyData key = new BackendKeyData(random.nextInt(), secret(random.nextInt(300)));
        ErrorResponse error = new ErrorResponse(text(), "28P01", text(), text());
        NegotiateProtocolVersion version =
                new NegotiateProtocolVersion(random.nextInt(65_536), List.of("_pq_." + text(), text()));
        ParameterStatus parameter = new ParameterStatus(text(), text());
        ReadyForQuery ready = new ReadyForQuery((byte) "ITE".charAt(random.nextInt(3)));
        return List.of(
                new Sample(new AuthenticationOk(), new AuthenticationOk()::encode),
                new Sample(new AuthenticationCleartextPassword(), new AuthenticationCleartextPassword()::encode),
                new Sample(md5, md5::encode),
                new Sample(sasl, sasl::encode),
                new Sample(challenge, challenge::encode),
                new Sample(last, last::encode),
                new Sample(key, key::encode),
                new Sample(error, error::encode),
                new Sample(version, version::encode),
                new Sample(parameter, parameter::encode),
                new Sample(ready, ready::encode));
    }

    private Secret secret(int bytes) {
        byte[] value = new byte[bytes];
        random.nextBytes(value);
        return Secret.of(value);
    }

    /** One character or more, not all of them ASCII. */
    private String text() {
        return random.ints(1 + random.nextInt(10), 0x20, 0x2ff)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
