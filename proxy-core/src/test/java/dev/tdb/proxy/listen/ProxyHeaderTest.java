package dev.tdb.proxy.listen;

import static dev.tdb.proxy.listen.ToyRig.DB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tdb.proxy.frontend.SessionInfo;
import dev.tdb.proxy.toy.NoLeaks;
import dev.tdb.proxy.toy.ToyClient;
import dev.tdb.proxy.toy.ToyNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Who may say for whom it speaks, and how.
 *
 * @see <a href="https://www.haproxy.org/download/3.2/doc/proxy-protocol.txt">The PROXY protocol</a>
 */
@ExtendWith(NoLeaks.class)
final class ProxyHeaderTest {
    private static final byte[] SIGNATURE = HexFormat.of().parseHex("0d0a0d0a000d0a515549540a");
    private static final String LOGIN = "LOGIN tdb_toy password " + DB + "\n";

    private final ToyRig rig = new ToyRig();
    private final List<ToyClient> clients = new ArrayList<>();

    @AfterEach
    void stop() {
        clients.forEach(ToyClient::close);
        rig.close();
    }

    private InetSocketAddress listen(String... sources) {
        return listen(TlsFiles.Plaintext.EVERYBODY, sources);
    }

    private InetSocketAddress listen(TlsFiles.Plaintext plaintext, String... sources) {
        return rig.node.listen(
                TlsFiles.none(plaintext),
                1_000,
                Arrays.stream(sources).map(AddressRange::parse).toList());
    }

    private ToyClient connect(InetSocketAddress address) {
        ToyClient client = ToyClient.connect(address);
        clients.add(client);
        return client;
    }

    private static void send(ToyClient client, byte[] bytes, int from, int to) {
        try {
            client.socket().getOutputStream().write(bytes, from, to - from);
        } catch (IOException e) {
            throw new AssertionError("not sent", e);
        }
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Version 1, for 203.0.113.7. */
    private static byte[] first(int port) {
        return text("PROXY TCP4 203.0.113.7 127.0.0.1 " + port + " 6379\r\n");
    }

    /** Version 2, for 203.0.113.7, with one extension that nobody knows. */
    private static byte[] second(int port) {
        ByteBuffer addresses = ByteBuffer.allocate(12 + 6);
        addresses.put(new byte[] {(byte) 203, 0, 113, 7, 127, 0, 0, 1});
        addresses.putShort((short) port).putShort((short) 6379);
        addresses.put(new byte[] {(byte) 0xE7, 0, 3, 'a', 'b', 'c'});
        return second(0x21, 0x11, addresses.array());
    }

    private static byte[] second(int versionAndCommand, int family, byte[] rest) {
        return ByteBuffer.allocate(16 + rest.length)
                .put(SIGNATURE)
                .put((byte) versionAndCommand)
                .put((byte) family)
                .putShort((short) rest.length)
                .put(rest)
                .array();
    }

    private static byte[] both(byte[] header, byte[] rest) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(header);
        all.writeBytes(rest);
        return all.toByteArray();
    }

    private List<String> addresses() {
        return ToyNode.await(rig.node.node().sessions()).stream()
                .map(SessionInfo::client)
                .toList();
    }

    private ToyClient loggedIn(InetSocketAddress address, byte[] header) {
        ToyClient client = connect(address);
        byte[] all = both(header, text(LOGIN));
        send(client, all, 0, all.length);
        assertThat(client.line()).isEqualTo("HELLO");
        client.welcomed();
        return client;
    }

    static Stream<byte[]> headers() {
        return Stream.of(first(40_000), second(40_000));
    }

    @ParameterizedTest
    @MethodSource("headers")
    void theHeaderNamesTheClientAndTheRestIsItsOwn(byte[] header) {
        ToyClient client = loggedIn(listen("127.0.0.0/8"), header);

        assertThat(addresses()).containsExactly("203.0.113.7:40000");
        assertThat(client.ask("WHO")).isEqualTo("I old");
    }

    @Test
    void aClientMayHaveALongAddress() {
        loggedIn(listen("127.0.0.0/8"), text("PROXY TCP6 2001:db8::7 ::1 40000 6379\r\n"));

        assertThat(addresses()).containsExactly("2001:db8:0:0:0:0:0:7:40000");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aHeaderMayComeCutAnywhere(boolean isFirst) {
        InetSocketAddress address = listen("127.0.0.0/8");
        List<byte[]> streams = new ArrayList<>();
        int length = isFirst ? first(40_000).length : second(40_000).length;
        for (int cut = 1; cut <= length; cut++) {
            byte[] header = isFirst ? first(40_000 + cut) : second(40_000 + cut);
            streams.add(both(header, text(LOGIN)));
        }
        // All first parts, then all second ones: meanwhile the first have long been read.
        for (int cut = 1; cut <= length; cut++) {
            send(connect(address), streams.get(cut - 1), 0, cut);
        }
        for (int cut = 1; cut <= length; cut++) {
            send(clients.get(cut - 1), streams.get(cut - 1), cut, streams.get(cut - 1).length);
        }

        clients.forEach(client -> assertThat(client.line()).isEqualTo("HELLO"));
        clients.forEach(ToyClient::welcomed);

        assertThat(addresses())
                .containsExactlyInAnyOrderElementsOf(IntStream.rangeClosed(1, length)
                        .mapToObj(cut -> "203.0.113.7:" + (40_000 + cut))
                        .toList());
    }

    static Stream<byte[]> headersThatNameNobody() {
        return Stream.of(
                text("PROXY UNKNOWN\r\n"),
                text("PROXY UNKNOWN ffff::1 ffff::2 1 2\r\n"),
                second(0x20, 0x00, new byte[0]),
                second(0x20, 0x11, new byte[12]),
                second(0x21, 0x00, new byte[0]));
    }

    /** As a proxy asks whether we live. */
    @ParameterizedTest
    @MethodSource("headersThatNameNobody")
    void aHeaderThatNamesNobodyIsTheProxysOwn(byte[] header) {
        ToyClient client = loggedIn(listen("127.0.0.0/8"), header);

        assertThat(addresses()).containsExactly("127.0.0.1:" + client.socket().getLocalPort());
    }

    static Stream<byte[]> headersThatSayTheClientIsHere() {
        return Stream.of(
                second(0x20, 0x00, new byte[0]),
                text("PROXY TCP4 127.0.0.1 127.0.0.1 40000 6379\r\n"),
                text("PROXY TCP6 ::1 ::1 40000 6379\r\n"));
    }

    @ParameterizedTest
    @MethodSource("headersThatSayTheClientIsHere")
    void whoIsOnThisMachineHasTheRightsOfIt(byte[] header) {
        ToyClient client = loggedIn(listen(TlsFiles.Plaintext.LOOPBACK, "127.0.0.0/8"), header);

        assertThat(client.ask("WHO")).isEqualTo("I old");
    }

    static Stream<byte[]> headersThatDoNotSayTheClientIsHere() {
        return Stream.concat(headersThatNameNobody().filter(header -> !isLocal(header)), headers());
    }

    private static boolean isLocal(byte[] header) {
        return header[0] == SIGNATURE[0] && header[12] == 0x20;
    }

    /** The proxy is on this machine; for whom it speaks need not be. */
    @ParameterizedTest
    @MethodSource("headersThatDoNotSayTheClientIsHere")
    void whoMayBeElsewhereHasNotTheRightsOfThisMachine(byte[] header) {
        ToyClient client = connect(listen(TlsFiles.Plaintext.LOOPBACK, "127.0.0.0/8"));
        byte[] all = both(header, text(LOGIN));

        send(client, all, 0, all.length);

        assertThat(client.rest()).isEqualTo("HELLO\n! tls_required\n");
    }

    static Stream<byte[]> noHeaders() {
        return Stream.of(
                text(LOGIN),
                text("GET / HTTP/1.1\r\nHost: example.org\r\n\r\n"),
                text("PROXY TCP4 203.0.113.7 127.0.0.1 99999 6379\r\n"),
                text("PROXY TCP4 somewhere 127.0.0.1 40000 6379\r\n"),
                text("PROXY TCP4\r\n"),
                text("PROXY " + "x".repeat(200)),
                second(0x31, 0x11, new byte[12]),
                second(0x22, 0x11, new byte[12]),
                second(0x21, 0x11, new byte[4]),
                new byte[64]);
    }

    @ParameterizedTest
    @MethodSource("noHeaders")
    void whoMustSayForWhomItSpeaksAndDoesNotIsClosedWithoutAWord(byte[] bytes) {
        ToyClient client = connect(listen("127.0.0.0/8"));

        send(client, bytes, 0, bytes.length);

        assertThat(client.rest()).isEmpty();
        await().until(() -> rig.node.meter("proxy.listen.connections") == 0);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 5, 15})
    void aHeaderThatIsNotWholeInTimeIsNotWaitedFor(int length) {
        ToyClient client = connect(listen("127.0.0.0/8"));

        send(client, second(40_000), 0, length);

        assertThat(client.rest()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("headers")
    void whoIsNotAskedForAHeaderMayNotSendOne(byte[] header) {
        ToyClient client = connect(listen("10.0.0.0/8", "::1"));
        byte[] all = both(header, text(LOGIN));

        send(client, all, 0, all.length);

        assertThat(client.rest()).isEqualTo("HELLO\n! protocol_violated\n");
        assertThat(addresses()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("headers")
    void aClientMayNotSpeakForAnother(byte[] header) {
        ToyClient client = connect(listen("127.0.0.0/8"));
        byte[] all = both(first(40_000), both(header, text(LOGIN)));

        send(client, all, 0, all.length);

        assertThat(client.rest()).isEqualTo("HELLO\n! protocol_violated\n");
    }

    @Test
    void failedLoginsAreTheClientsAndNotTheProxys() {
        InetSocketAddress address = listen("127.0.0.0/8");
        for (int i = 0; i < 3; i++) {
            assertThat(answerToWrongPassword(address, "203.0.113.7")).isEqualTo("HELLO\n! bad_credentials\n");
        }

        assertThat(answerToWrongPassword(address, "203.0.113.7")).isEqualTo("HELLO\n! rate_limited\n");
        assertThat(answerToWrongPassword(address, "203.0.113.8")).isEqualTo("HELLO\n! bad_credentials\n");
    }

    private String answerToWrongPassword(InetSocketAddress address, String from) {
        ToyClient client = connect(address);
        client.raw("PROXY TCP4 " + from + " 127.0.0.1 40000 6379\r\nLOGIN tdb_toy wrong " + DB + "\n");
        return client.rest();
    }
}
