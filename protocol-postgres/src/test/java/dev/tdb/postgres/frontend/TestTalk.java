package dev.tdb.postgres.frontend;

import dev.tdb.postgres.backend.PostgresLinkFacts;
import dev.tdb.proxy.credential.Credential;
import dev.tdb.proxy.credential.ProjectId;
import dev.tdb.proxy.credential.Role;
import dev.tdb.proxy.credential.Scope;
import dev.tdb.proxy.credential.ScramVerifier;
import dev.tdb.proxy.credential.Secret;
import dev.tdb.proxy.relay.KeptBytes;
import dev.tdb.proxy.route.DatabaseName;
import dev.tdb.proxy.route.Engine;
import dev.tdb.proxy.route.RouteKey;
import dev.tdb.testkit.port.RecordingPort;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** A conversation with a client that is played by the test, and with facts of a server that never was. */
final class TestTalk {
    static final Secret CANCEL_SECRET = Secret.of(new byte[] {1, 2, 3, 4});
    static final RouteKey ROUTE =
            new RouteKey(Engine.POSTGRES, new ProjectId("tdb_1"), new DatabaseName("shop", "acme"));

    final RecordingPort port;
    final PostgresConversation conversation;

    TestTalk(Map<String, String> startup) {
        this(startup, KeptBytes.unbounded());
    }

    /** @param room for what is remembered of it */
    TestTalk(Map<String, String> startup, KeptBytes room) {
        port = new RecordingPort(room);
        conversation = new PostgresConversation(port, new SessionStart(ROUTE, credential(), 0, startup), CANCEL_SECRET);
    }

    /** One that was welcomed, with nothing of that noted any more. */
    static TestTalk begun() {
        TestTalk talk = new TestTalk(Map.of());
        talk.conversation.welcome(facts(Map.of("server_version", "18.6", "client_encoding", "UTF8")));
        talk.port.takeSent();
        return talk;
    }

    private static Credential credential() {
        Secret secret = Secret.of("x");
        return new Credential(
                "key_1",
                new ProjectId("tdb_1"),
                new Scope.Tenant("acme"),
                Role.WRITE,
                secret,
                new ScramVerifier(secret, secret),
                Instant.MAX);
    }

    static PostgresLinkFacts facts(Map<String, String> parameters) {
        return new PostgresLinkFacts(new LinkedHashMap<>(parameters), 7, Secret.of(new byte[4]), 0);
    }

    /** The client sends, with no hold in sight; all of it is forwarded. */
    void client(byte[]... messages) {
        ByteBuf in = Unpooled.wrappedBuffer(messages);
        int count = conversation.fromClient(in, false);
        if (count != in.readableBytes()) {
            throw new AssertionError(count + " of " + in.readableBytes() + " bytes were forwarded");
        }
    }

    /** The client sends on hold; answers how much of it belongs to the present unit. */
    int heldClient(byte[]... messages) {
        return conversation.fromClient(Unpooled.wrappedBuffer(messages), true);
    }

    void server(byte[]... messages) {
        conversation.fromServer(Unpooled.wrappedBuffer(messages));
    }

    boolean atSafePoint() {
        return conversation.atSafePoint();
    }
}
