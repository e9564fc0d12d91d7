package dev.tdb.mysql.frontend;

import dev.tdb.mysql.backend.MySqlLinkFacts;
import dev.tdb.mysql.message.AuthPlugin;
import dev.tdb.mysql.message.Capabilities;
import dev.tdb.proxy.backend.Exchange;
import dev.tdb.proxy.credential.Credential;
import dev.tdb.proxy.credential.CredentialBook;
import dev.tdb.proxy.credential.DoubleHash;
import dev.tdb.proxy.credential.ProjectId;
import dev.tdb.proxy.credential.Role;
import dev.tdb.proxy.credential.Scope;
import dev.tdb.proxy.credential.ScramSettings;
import dev.tdb.proxy.credential.ScramVerifier;
import dev.tdb.proxy.credential.Secret;
import dev.tdb.proxy.frontend.Described;
import dev.tdb.proxy.relay.KeptBytes;
import dev.tdb.proxy.route.DatabaseName;
import dev.tdb.proxy.route.Engine;
import dev.tdb.proxy.route.RouteKey;
import dev.tdb.testkit.port.RecordingActions;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One conversation, its client and its server in the hands of a test: what the session does for it, and no more. */
final class TestTalk {
    static final int OLD = Capabilities.LOCAL_FILES;
    static final int MODERN = OLD | Capabilities.SESSION_TRACK | Capabilities.DEPRECATE_EOF;
    static final Secret PASSWORD = Secret.of("the password");
    static final Secret NONCE = Secret.of("abcdefghijklmnopqrst");
    /** A client that says query attributes. */
    static final int ATTRIBUTES = MODERN | Capabilities.QUERY_ATTRIBUTES;

    static final MySqlLinkFacts FACTS = facts("8.0.31", 7);

    /** Of the same project, for another tenant. */
    static final Secret OTHER_PASSWORD = Secret.of("another password");

    static final ProjectId PROJECT = new ProjectId("tdb_1");

    final InterruptingPort port;
    /** What a login on the same connection does. */
    final RecordingActions logins = new RecordingActions();

    final MySqlConversation conversation;

    TestTalk(int capabilities) {
        this(capabilities, KeptBytes.unbounded());
    }

    TestTalk(int capabilities, KeptBytes kept) {
        this(start(capabilities), kept, FACTS);
    }

    /** @param facts of the server */
    TestTalk(int capabilities, MySqlLinkFacts facts) {
        this(start(capabilities), KeptBytes.unbounded(), facts);
    }

    /** Of a client that logged in without a database. */
    static TestTalk inNone() {
        return new TestTalk(start(MODERN, false), KeptBytes.unbounded(), FACTS);
    }

    private TestTalk(SessionStart start, KeptBytes kept, MySqlLinkFacts facts) {
        this.port = new InterruptingPort(kept);
        logins.book = book();
        this.conversation = new MySqlConversation(port, start, logins, terms(), () -> {});
        conversation.welcome(facts);
        port.takeSent();
    }

    static SessionStart start(int capabilities) {
        return start(capabilities, true);
    }

    private static SessionStart start(int capabilities, boolean isChosen) {
        RouteKey route = new RouteKey(Engine.MYSQL, PROJECT, new DatabaseName("shop", "acme"));
        Credential credential = credential("key_1", "acme", PASSWORD);
        return new SessionStart(new Place(route, credential, isChosen), capabilities, 45, NONCE, 2);
    }

    private static LoginTerms terms() {
        return new LoginTerms(
                "8.0.31",
                AuthPlugin.CACHING_SHA2,
                LoginTerms.OFFERED,
                InstantSource.system(),
                new RsaKey(),
                _ -> {},
                _ -> {});
    }

    private static CredentialBook book() {
        List<Credential> credentials =
                List.of(credential("key_1", "acme", PASSWORD), credential("key_2", "beta", OTHER_PASSWORD));
        ScramSettings scram = new ScramSettings(Secret.of("0123456789abcdef"), 4096);
        return new CredentialBook(
                Map.of(PROJECT, new CredentialBook.ProjectCredentials(scram, credentials)), Secret.of("mock"));
    }

    private static Credential credential(String id, String tenant, Secret password) {
        Secret none = Secret.of("x");
        return new Credential(
                id,
                PROJECT,
                new Scope.Tenant(tenant),
                Role.WRITE,
                CredentialBook.tokenSha256(password),
                new ScramVerifier(none, none),
                DoubleHash.SHA1.stored(password),
                Instant.MAX);
    }

    static MySqlLinkFacts facts(String version, int connectionId) {
        return facts(version, connectionId, false);
    }

    static MySqlLinkFacts facts(String version, int connectionId, boolean takesAttributes) {
        return new MySqlLinkFacts(
                version,
                connectionId,
                "physical",
                true,
                takesAttributes,
                false,
                new MySqlLinkFacts.Charsets("utf8mb4", "utf8mb4_general_ci", "utf8mb4"));
    }

    /** Bytes of the client. @return what the server is sent */
    byte[] client(byte[]... bytes) {
        return client(false, bytes);
    }

    byte[] client(boolean presentUnitOnly, byte[]... bytes) {
        ByteBuf in = Unpooled.copiedBuffer(Wire.concat(bytes));
        try {
            int count = conversation.fromClient(in, presentUnitOnly);
            port.toServer(in.readRetainedSlice(count));
        } finally {
            in.release();
        }
        return port.takeToServer();
    }

    /** Bytes of the server. @return what the client is sent */
    byte[] server(byte[]... bytes) {
        ByteBuf in = Unpooled.copiedBuffer(Wire.concat(bytes));
        try {
            conversation.fromServer(in);
            port.toClient(in.retain());
        } finally {
            in.release();
        }
        return port.takeSent();
    }

    Described described() {
        Exchange<Described> exchange = conversation.describe(FACTS);
        exchange.request(UnpooledByteBufAllocator.DEFAULT).release();
        return exchange.onBytes(Unpooled.EMPTY_BUFFER).orElseThrow();
    }

    /** Moves the session to another server, which answers the replay with {@code replies}. @return what it was asked */
    byte[] move(byte[]... replies) {
        return move(facts("8.0.31", 8), replies);
    }

    byte[] move(MySqlLinkFacts facts, byte[]... replies) {
        Described.Movable movable = (Described.Movable) described();
        Exchange<Optional<String>> exchange = conversation.replay(movable.state(), facts);
        ByteBuf request = exchange.request(UnpooledByteBufAllocator.DEFAULT);
        byte[] asked = ByteBufUtil.getBytes(request);
        request.release();
        Optional<String> failure =
                exchange.onBytes(Unpooled.wrappedBuffer(Wire.concat(replies))).orElseThrow();
        if (failure.isPresent()) {
            throw new IllegalStateException("the session could not move: " + failure.get());
        }
        conversation.movedTo(facts);
        return asked;
    }
}
