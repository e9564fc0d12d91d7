package dev.tdb.mysql.backend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tdb.mysql.message.AuthData;
import dev.tdb.mysql.message.AuthMoreData;
import dev.tdb.mysql.message.AuthPlugin;
import dev.tdb.mysql.message.AuthSwitchRequest;
import dev.tdb.mysql.message.Capabilities;
import dev.tdb.mysql.message.ErrPacket;
import dev.tdb.mysql.message.HandshakeResponse41;
import dev.tdb.mysql.message.HandshakeV10;
import dev.tdb.mysql.message.LengthEncoded;
import dev.tdb.mysql.message.LoginRequest;
import dev.tdb.mysql.message.OkPacket;
import dev.tdb.mysql.message.SSLRequest;
import dev.tdb.mysql.message.ServerStatus;
import dev.tdb.proxy.backend.LinkFailure;
import dev.tdb.proxy.credential.DoubleHash;
import dev.tdb.proxy.credential.Secret;
import dev.tdb.proxy.route.ServerTls;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.List;
import javax.crypto.Cipher;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MySqlLoginTest {
    private static final Secret NONCE = Secret.of("abcdefghijklmnopqrst");
    private static final Secret OTHER_NONCE = Secret.of("ABCDEFGHIJKLMNOPQRST");
    private static final Secret PASSWORD = RecordingLogin.PASSWORD;

    private final RecordingLogin login = new RecordingLogin(ServerTls.Mode.DISABLE);

    @ParameterizedTest
    @ValueSource(strings = {AuthPlugin.NATIVE, AuthPlugin.CACHING_SHA2})
    void aProofByTheServersPluginIsEnough(String plugin) {
        greet(login, plugin, 0);
        HandshakeResponse41 response =
                (HandshakeResponse41) LoginRequest.decode(login.received().payload());
        assertThat(response.user()).isEqualTo("app");
        assertThat(response.database()).isEqualTo("physical");
        assertThat(response.authResponse())
                .isEqualTo(
                        plugin.equals(AuthPlugin.NATIVE)
                                ? DoubleHash.SHA1.answer(PASSWORD, NONCE)
                                : DoubleHash.SHA256.answer(PASSWORD, NONCE));
        if (plugin.equals(AuthPlugin.CACHING_SHA2)) {
            more(login, 2, AuthMoreData.FAST_AUTH_SUCCESS);
        }

        letIn(login);

        assertThat(login.facts).singleElement().isInstanceOfSatisfying(MySqlLinkFacts.class, facts -> {
            assertThat(facts.connectionId()).isEqualTo(99);
            assertThat(facts.charsets().connectionCollation()).isEqualTo("utf8mb4_general_ci");
            assertThat(facts.charsets().results()).isEmpty();
        });
    }

    @Test
    void aServerThatKnowsNobodyYetGetsThePasswordUnderItsOwnKey() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        KeyPair keys = generator.generateKeyPair();
        greet(login, AuthPlugin.CACHING_SHA2, 0);
        login.received();

        more(login, 2, AuthMoreData.PERFORM_FULL_AUTHENTICATION);
        assertThat(AuthData.decode(login.received().payload()).data())
                .isEqualTo(Secret.of(new byte[] {AuthMoreData.REQUEST_PUBLIC_KEY}));
        login.server(4, new AuthMoreData(Secret.of(pem(keys)))::encode);
        login.runLater();

        Cipher cipher = Cipher.getInstance("RSA/ECB/OAEPWithSHA-1AndMGF1Padding");
        cipher.init(Cipher.DECRYPT_MODE, keys.getPrivate());
        byte[] mixed = cipher.doFinal(ByteBufUtil.getBytes(login.received().payload()));
        for (int i = 0; i < mixed.length; i++) {
            mixed[i] ^= NONCE.bytes()[i % NONCE.length()];
        }
        assertThat(new AuthData(Secret.of(mixed)).password()).isEqualTo(PASSWORD);
        letIn(login);
        assertThat(login.facts).hasSize(1);
    }

    @Test
    void withinTlsItGetsThePasswordItself() {
        RecordingLogin tls = new RecordingLogin(ServerTls.Mode.REQUIRE);
        greet(tls, AuthPlugin.CACHING_SHA2, Capabilities.SSL);
        assertThat(LoginRequest.decode(tls.received().payload())).isInstanceOf(SSLRequest.class);
        assertThat(tls.tlsStarts).isEqualTo(1);
        assertThat(tls.isSilent()).isTrue();
        tls.login.onTls();
        assertThat(tls.received().sequence()).isEqualTo(2);

        more(tls, 3, AuthMoreData.PERFORM_FULL_AUTHENTICATION);

        assertThat(AuthData.decode(tls.received().payload()).password()).isEqualTo(PASSWORD);
        letIn(tls);
        assertThat(tls.facts).hasSize(1);
    }

    @Test
    void thePasswordItselfIsForAServerThatIsVouchedFor() {
        for (ServerTls.Mode mode : List.of(ServerTls.Mode.REQUIRE, ServerTls.Mode.VERIFY_CA)) {
            RecordingLogin tls = new RecordingLogin(mode);
            greet(tls, AuthPlugin.NATIVE, Capabilities.SSL);
            tls.received();
            tls.login.onTls();
            tls.received();

            tls.server(3, new AuthSwitchRequest(AuthPlugin.CLEAR, Secret.of(""))::encode);

            assertThat(tls.isSilent()).isEqualTo(mode == ServerTls.Mode.REQUIRE);
            assertThat(tls.failures).hasSize(mode == ServerTls.Mode.REQUIRE ? 1 : 0);
        }
    }

    @Test
    void aServerThatAnswersTheFirstQuestionsWithNothingIsNoServer() {
        greet(login, AuthPlugin.NATIVE, 0);
        login.received();
        login.server(2, out -> OkPacket.of(2).encode(out, true));
        login.server(1, out -> OkPacket.of(2).encode(out, true));
        login.server(1, out -> out.writeByte(1));
        login.server(2, MySqlLoginTest::column);

        login.server(3, out -> new OkPacket(OkPacket.END, 0, 0, 2, 0, "", List.of()).encode(out, true));

        assertThat(login.failures).hasSize(1);
    }

    private static void column(ByteBuf out) {
        for (String part : List.of("def", "", "", "", "n", "")) {
            LengthEncoded.writeBytes(out, part.getBytes(StandardCharsets.UTF_8));
        }
        out.writeByte(12).writeZero(12);
    }

    @Test
    void aLoginThatIsOverReadsItsBufferNoMore() {
        greet(login, AuthPlugin.NATIVE, 0);
        login.received();

        letIn(login);

        assertThat(login.shown().readerIndex()).isZero();
        assertThat(login.failures).isEmpty();
    }

    @Test
    void anotherPluginIsAnsweredWithItsOwnNonce() {
        greet(login, AuthPlugin.CACHING_SHA2, 0);
        login.received();

        login.server(2, new AuthSwitchRequest(AuthPlugin.NATIVE, OTHER_NONCE)::encode);

        assertThat(AuthData.decode(login.received().payload()).data())
                .isEqualTo(DoubleHash.SHA1.answer(PASSWORD, OTHER_NONCE));
    }

    @Test
    void thePasswordIsNotShownWithoutTls() {
        greet(login, AuthPlugin.NATIVE, 0);
        login.received();

        login.server(2, new AuthSwitchRequest(AuthPlugin.CLEAR, Secret.of(new byte[0]))::encode);

        assertThat(login.isSilent()).isTrue();
        assertThat(login.failures).singleElement().isInstanceOf(LinkFailure.Unreachable.class);
    }

    @Test
    void aServerWithoutTlsWillNotDoWhereItIsDemanded() {
        RecordingLogin strict = new RecordingLogin(ServerTls.Mode.VERIFY_FULL);

        greet(strict, AuthPlugin.NATIVE, 0);

        assertThat(strict.isSilent()).isTrue();
        assertThat(strict.failures)
                .singleElement()
                .satisfies(failure -> assertThat(failure.reason()).isEqualTo("the server has no TLS"));
    }

    @Test
    void aServerThatDoesNotTellWhatChangesInASessionWillNotDo() {
        login.server(0, new HandshakeV10("5.6.51", 9, NONCE, Capabilities.PROTOCOL_41, 45, 2, "")::encode);

        assertThat(login.failures)
                .singleElement()
                .satisfies(failure -> assertThat(failure.reason()).contains("5.6.51"));
    }

    @Test
    void whateverTheServerRefusesIsOursToMend() {
        greet(login, AuthPlugin.NATIVE, 0);

        login.server(2, new ErrPacket(1045, "28000", "Access denied")::encode);

        assertThat(login.failures)
                .singleElement()
                .isInstanceOfSatisfying(
                        LinkFailure.Unreachable.class,
                        failure -> assertThat(failure.reason()).contains("1045").contains("Access denied"));
    }

    private static void greet(RecordingLogin login, String plugin, int more) {
        int capabilities = Capabilities.PROTOCOL_41
                | Capabilities.RESERVED2
                | Capabilities.CONNECT_WITH_DB
                | Capabilities.PLUGIN_AUTH
                | Capabilities.PLUGIN_AUTH_LENENC_CLIENT_DATA
                | Capabilities.SESSION_TRACK
                | Capabilities.DEPRECATE_EOF
                | more;
        login.server(0, new HandshakeV10("8.0.31", 99, NONCE, capabilities, 45, 2, plugin)::encode);
    }

    private static void more(RecordingLogin login, int sequence, byte what) {
        login.server(sequence, new AuthMoreData(Secret.of(new byte[] {what}))::encode);
    }

    /** The OK of the login, and what the server says to our first two commands. */
    private static void letIn(RecordingLogin login) {
        OkPacket ok = OkPacket.of(ServerStatus.AUTOCOMMIT);
        login.server(4, out -> ok.encode(out, true));
        assertThat(login.received().first()).isEqualTo(3);
        assertThat(login.received().first()).isEqualTo(3);
        login.server(1, out -> ok.encode(out, true));
        login.server(1, out -> out.writeByte(3));
        for (int column = 0; column < 3; column++) {
            login.server(2 + column, MySqlLoginTest::definition);
        }
        login.server(5, out -> {
            text(out, "utf8mb4");
            text(out, "utf8mb4_general_ci");
            out.writeByte(LengthEncoded.NULL);
        });
        login.server(6, out -> new OkPacket(OkPacket.END, 0, 0, 2, 0, "", List.of()).encode(out, true));
    }

    private static void definition(ByteBuf out) {
        for (String part : new String[] {"def", "", "", "", "x", ""}) {
            text(out, part);
        }
        out.writeByte(12).writeShortLE(45).writeIntLE(10).writeByte(253).writeZero(5);
    }

    private static void text(ByteBuf out, String text) {
        LengthEncoded.writeBytes(out, text.getBytes(StandardCharsets.UTF_8));
    }

    private static String pem(KeyPair keys) {
        return "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder().encodeToString(keys.getPublic().getEncoded())
                + "\n-----END PUBLIC KEY-----\n";
    }
}
