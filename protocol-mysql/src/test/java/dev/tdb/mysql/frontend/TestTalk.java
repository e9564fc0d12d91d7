package dev.tdb.mysql.frontend;

import dev.tdb.mysql.backend.MySqlLinkFacts;
import dev.tdb.mysql.message.Capabilities;
import dev.tdb.proxy.backend.Exchange;
import dev.tdb.proxy.credential.Credential;
import dev.tdb.proxy.credential.CredentialBook;
import dev.tdb.proxy.credential.DoubleHash;
import dev.tdb.proxy.credential.ProjectId;
import dev.tdb.proxy.credential.Role;
import dev.tdb.proxy.credential.Scope;
import dev.tdb.proxy.credential.ScramVerifier;
import dev.tdb.proxy.credential.Secret;
import dev.tdb.proxy.frontend.Described;
import dev.tdb.proxy.relay.KeptBytes;
import dev.tdb.proxy.route.DatabaseName;
import dev.tdb.proxy.route.Engine;
import dev.tdb.proxy.route.RouteKey;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.time.Instant;
import java.util.Optional;

/** One conversation, its client and its server in the hands of a test: what the session does for it, and no more. */
final class TestTalk {
    static final int OLD = Capabilities.LOCAL_FILES;
    static final int MODERN = OLD | Capabilities.SESSION_TRACK | Capabilities.DEPRECATE_EOF;
    static final Secret PASSWORD = Secret.of("the password");
    static final Secret NONCE = Secret.of("abcdefghijklmnopqrst");
    static final MySqlLinkFacts FACTS = facts("8.0.31", 7);

    final InterruptingPort port;
    final MySqlConversation conversation;

    TestTalk(int capabilities) {
        this(capabilities, KeptBytes.unbounded());
    }

    TestTalk(int capabilities, KeptBytes kept) {
        this(start(capabilities), kept);
    }

    /** Of a client that logged in without a database. */
    static TestTalk inNone() {
        return new TestTalk(start(MODERN, false), KeptBytes.unbounded());
    }

    private TestTalk(SessionStart start, KeptBytes kept) {
        this.port = new InterruptingPort(kept);
        this.conversation = new MySqlConversation(port, start);
        conversation.welcome(FACTS);
        port.takeSent();
    }

    static SessionStart start(int capabilities) {
        return start(capabilities, true);
    }

    private static SessionStart start(int capabilities, boolean isChosen) {
        RouteKey route = new RouteKey(Engine.MYSQL, new ProjectId("tdb_1"), new DatabaseName("shop", "acme"));
        return new SessionStart(new Place(route, credential(), isChosen), capabilities, 45, NONCE, 2);
    }

    private static Credential credential() {
        Secret none = Secret.of("x");
        return new Credential(
                "key_1",
                new ProjectId("tdb_1"),
                new Scope.Tenant("acme"),
                Role.WRITE,
                CredentialBook.tokenSha256(PASSWORD),
                new ScramVerifier(none, none),
                DoubleHash.SHA1.stored(PASSWORD),
                Instant.MAX);
    }

    static MySqlLinkFacts facts(String version, int connectionId) {
        return new MySqlLinkFacts(
                version,
                connectionId,
                "physical",
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
        Described.Movable movable = (Described.Movable) described();
        Exchange<Optional<String>> exchange = conversation.replay(movable.state(), facts("8.0.31", 8));
        ByteBuf request = exchange.request(UnpooledByteBufAllocator.DEFAULT);
        byte[] asked = ByteBufUtil.getBytes(request);
        request.release();
        Optional<String> failure =
                exchange.onBytes(Unpooled.wrappedBuffer(Wire.concat(replies))).orElseThrow();
        if (failure.isPresent()) {
            throw new IllegalStateException("the session could not move: " + failure.get());
        }
        conversation.movedTo(facts("8.0.31", 8));
        return asked;
    }
}
