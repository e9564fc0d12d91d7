package dev.tdb.postgres.frontend;

import static dev.tdb.postgres.frontend.HandshakeClient.one;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tdb.postgres.message.AuthenticationSASL;
import dev.tdb.postgres.message.CancelRequest;
import dev.tdb.postgres.message.NegotiateProtocolVersion;
import dev.tdb.postgres.message.StartupMessage;
import dev.tdb.proxy.credential.Secret;
import dev.tdb.proxy.refusal.ProtocolViolation;
import dev.tdb.proxy.refusal.Refusal;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client says of itself and of the session it wants. */
class StartupTest {
    private static final AuthenticationSASL ASKED = new AuthenticationSASL(List.of("SCRAM-SHA-256"));

    private static void raw(ByteBuf out, int length, String content) {
        out.writeInt(length).writeInt(3 << 16).writeCharSequence(content, StandardCharsets.ISO_8859_1);
    }

    private static HandshakeClient sendRaw(String content) {
        return new HandshakeClient().send(out -> raw(out, 8 + content.length(), content));
    }

    private static Map<String, String> parameters(String... namesAndValues) {
        HandshakeClient client = new HandshakeClient();
        client.actions.book = Book.CREDENTIALS;
        List<String> all = new ArrayList<>(List.of("user", Book.USER, "database", "orders__acme"));
        all.addAll(List.of(namesAndValues));
        client.start(all.toArray(String[]::new));
        client.scram(Book.TENANT.id());
        return one(client.starts).parameters();
    }

    @Test
    void oneThatIsWellFormedIsAskedForItsProof() {
        assertThat(sendRaw("user\0tdb_shop\0\0").received()).containsExactly(ASKED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", // no terminator
                "\0", // no user
                "user\0\0\0",
                "database\0orders__acme\0\0",
                "user\0tdb_shop\0", // no terminator
                "user\0tdb_shop\0\0x", // not at the end
                "user\0tdb_shop\0\0\0",
                "user\0tdb_shop", // no end
                "user\0tdb_shop\0application_name\0\0", // the terminator is a value
                "user\0tdb_shop\0application_name\0\u00ff\0\0", // not UTF-8
                "user\0tdb_shop\0replication\0perhaps\0\0",
                "user\0tdb_shop\0replication\0o\0\0",
            })
    void oneThatIsNotIsAViolation(String content) {
        assertThatThrownBy(() -> sendRaw(content)).isInstanceOf(ProtocolViolation.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 4, 7, 10_005, 0x47455420, Integer.MAX_VALUE})
    void anImpossibleLengthIsAViolationAtOnce(int length) {
        assertThatThrownBy(() -> new HandshakeClient().send(out -> out.writeInt(length)))
                .isInstanceOf(ProtocolViolation.class);
    }

    @Test
    void theLongestAllowedIsRead() {
        String name = "x".repeat(StartupPacket10k.valueChars("user\0tdb_shop\0application_name\0\0\0"));

        assertThat(sendRaw("user\0tdb_shop\0application_name\0" + name + "\0\0").received())
                .containsExactly(ASKED);
    }

    /** How much fits beside the rest into the bound of 10,000 bytes. */
    private static final class StartupPacket10k {
        static int valueChars(String rest) {
            return 10_000 - Integer.BYTES - rest.length();
        }
    }

    @ParameterizedTest
    @CsvSource({"2, 0, 2.0", "4, 0, 4.0", "1234, 5681, 1234.5681", "0, 3, 0.3"})
    void anotherMajorVersionIsNotSupported(int major, int minor, String version) {
        HandshakeClient client =
                new HandshakeClient().send(new StartupMessage(major, minor, Map.of("user", "tdb_shop"))::encode);

        assertThat(client.actions.refusals).containsExactly(new Refusal.Unsupported("frontend protocol " + version));
    }

    @ParameterizedTest
    @CsvSource({"1, 0", "3, 2", "9999, 2", "65535, 2"})
    void aMinorVersionThatWeDoNotSpeakIsNegotiatedDown(int asked, int offered) {
        HandshakeClient client = new HandshakeClient().startWith(asked, "user", "tdb_shop");

        assertThat(client.received()).containsExactly(new NegotiateProtocolVersion(offered, List.of()), ASKED);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void oneThatWeSpeakIsNot(int minorVersion) {
        HandshakeClient client = new HandshakeClient().startWith(minorVersion, "user", "tdb_shop");

        assertThat(client.received()).containsExactly(ASKED);
    }

    @Test
    void protocolOptionsAreListedAndKeptFromTheServer() {
        HandshakeClient client = new HandshakeClient();
        client.actions.book = Book.CREDENTIALS;
        client.startWith(
                2,
                "_pq_.test_protocol_negotiation",
                "",
                "user",
                Book.USER,
                "database",
                "orders__acme",
                "_pq_.other",
                "on",
                "application_name",
                "x");

        ByteBuf sent = client.actions.takeSent();
        int length = sent.getInt(1);
        assertThat(sent.getByte(0)).isEqualTo((byte) 'v');
        assertThat(sent.getInt(5)).isEqualTo(3 << 16 | 2);
        assertThat(sent.getInt(9)).isEqualTo(2);
        assertThat(sent.toString(13, length - 12, StandardCharsets.US_ASCII))
                .isEqualTo("_pq_.test_protocol_negotiation\0_pq_.other\0");
        client.actions.send(
                sent.slice(1 + length, sent.readableBytes() - 1 - length).retain());
        client.scram(Book.TENANT.id());
        assertThat(one(client.starts).parameters()).isEqualTo(Map.of("application_name", "x"));
    }

    @Test
    void theDatabaseIsTheUsersNameWhereNoneIsNamed() {
        SessionRequest request = SessionRequest.of(new StartupMessage(3, 0, Map.of("user", "a__b")));

        assertThat(request.database()).isEqualTo("a__b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "TRUE", "t", "yes", "y", "on", "ON", "1", "database"})
    void aReplicationConnectionIsRefused(String value) {
        HandshakeClient client = new HandshakeClient().start("user", "tdb_shop", "replication", value);

        assertThat(client.actions.refusals).containsExactly(new Refusal.Unsupported("a replication connection"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"false", "f", "no", "n", "off", "of", "0"})
    void noReplicationConnectionIsASession(String value) {
        assertThat(parameters("replication", value)).isEmpty();
    }

    @Test
    void parametersKeepTheirSpellingAndOrderAndTheLastOfEachNameCounts() {
        Map<String, String> parameters = parameters(
                "options",
                "-c search_path=a -c DateStyle=ISO",
                "client_encoding",
                "UTF8",
                "SEARCH_PATH",
                "b",
                "TimeZone",
                "Europe/Wien");

        assertThat(new ArrayList<>(parameters.entrySet()))
                .containsExactly(
                        Map.entry("DateStyle", "ISO"),
                        Map.entry("client_encoding", "UTF8"),
                        Map.entry("SEARCH_PATH", "b"),
                        Map.entry("TimeZone", "Europe/Wien"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "-c search_path=a | search_path=a",
                "-csearch_path=a | search_path=a",
                "--search_path=a | search_path=a",
                "--search-path=a | search_path=a",
                "-c search-path=a | search_path=a",
                "-c a.b=c=d | a.b=c=d",
                "-c a.b= | a.b=",
                "\"  -c  a.b=1   --c.d=2 \" | a.b=1;c.d=2",
                "-c a.b=x\\ y | a.b=x y",
                "-c a.b=x\\\\y | a.b=x\\y",
                "-c\\ a.b=1 | \" a.b=1\"",
                "-c a.b=1\\ | a.b=1",
                "-c a.b=1 -c a.b=2 | a.b=2",
                "-c a.b=1 -c A.B=2 | A.B=2",
            })
    void optionsAreExpanded(String options, String expected) {
        List<String> found = new ArrayList<>();
        parameters("options", options).forEach((name, value) -> found.add(name + "=" + value));

        assertThat(String.join(";", found)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-d 5",
                "-e",
                "-c",
                "-c search_path",
                "-c =x",
                "--",
                "--search_path",
                "-B 5 -c search_path=a",
                "search_path=a",
                "-c user=postgres", // a parameter of the start-up, not of the session
                "-c database=postgres",
                "--replication=1",
                "-c options=x",
                "-c _pq_.x=1",
            })
    void optionsThatOnlyAServerCanJudgeAreLeftToIt(String options) {
        assertThat(parameters("options", options)).isEqualTo(Map.of("options", options));
    }

    @Test
    void anEmptyOptionsIsNone() {
        assertThat(parameters("options", "")).isEmpty();
    }

    @Test
    void aUserThatFailedTooOftenIsNotEvenAsked() {
        HandshakeClient client = new HandshakeClient();
        Refusal refusal = new Refusal.RateLimited(Duration.ofSeconds(3));
        client.actions.throttled = Optional.of(refusal);

        client.startWith(9, "user", "tdb_shop");

        assertThat(client.actions.refusals).containsExactly(refusal);
        assertThat(client.received()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 32, 256})
    void aCancelRequestIsPassedOn(int secretBytes) {
        Secret secret = Secret.of(new byte[secretBytes]);

        HandshakeClient client = new HandshakeClient().send(new CancelRequest(42, secret)::encode);

        assertThat(client.actions.events).containsExactly("cancel 42 " + secret.revealHex());
        assertThat(client.received()).isEmpty();
    }

    @Test
    void aCancelRequestMayComeWithinTlsAndWherePlaintextIsForbidden() {
        HandshakeClient client = new HandshakeClient();
        client.actions.isPlaintextAllowed = false;
        HandshakeClient inTls = new HandshakeClient().send(new dev.tdb.postgres.message.SSLRequest()::encode);
        inTls.tlsStands((byte) 1);

        client.send(new CancelRequest(1, Secret.of("abcd"))::encode);
        inTls.send(new CancelRequest(1, Secret.of("abcd"))::encode);

        assertThat(client.actions.events).containsExactly("cancel 1 61626364");
        assertThat(inTls.actions.events).containsExactly("startTls", "cancel 1 61626364");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 257, 1000})
    void aCancelRequestWithAnImpossibleKeyIsAViolation(int secretBytes) {
        assertThatThrownBy(() ->
                        new HandshakeClient().send(new CancelRequest(42, Secret.of(new byte[secretBytes]))::encode))
                .isInstanceOf(ProtocolViolation.class);
    }

    @Test
    void aStartIsAValue() {
        Map<String, String> given = new LinkedHashMap<>(Map.of("user", "u"));
        StartupMessage message = new StartupMessage(3, 0, given);

        given.put("user", "v");

        assertThat(message.parameters()).isEqualTo(Map.of("user", "u"));
    }
}
