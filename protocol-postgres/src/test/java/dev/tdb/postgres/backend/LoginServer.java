package dev.tdb.postgres.backend;

import dev.tdb.postgres.message.AuthenticationOk;
import dev.tdb.postgres.message.AuthenticationSASL;
import dev.tdb.postgres.message.AuthenticationSASLContinue;
import dev.tdb.postgres.message.AuthenticationSASLFinal;
import dev.tdb.postgres.message.BackendKeyData;
import dev.tdb.postgres.message.ParameterStatus;
import dev.tdb.postgres.message.ReadyForQuery;
import dev.tdb.postgres.message.SASLInitialResponse;
import dev.tdb.postgres.message.SASLResponse;
import dev.tdb.postgres.message.StartupMessage;
import dev.tdb.postgres.message.StartupPacket;
import dev.tdb.postgres.message.WholeMessage;
import dev.tdb.proxy.backend.LinkFailure;
import dev.tdb.proxy.backend.LinkProfile;
import dev.tdb.proxy.backend.LinkSpec;
import dev.tdb.proxy.backend.ServerLogin;
import dev.tdb.proxy.credential.ProjectId;
import dev.tdb.proxy.credential.Role;
import dev.tdb.proxy.credential.Scram;
import dev.tdb.proxy.credential.ScramChallenge;
import dev.tdb.proxy.credential.ScramClientFirst;
import dev.tdb.proxy.credential.ScramProof;
import dev.tdb.proxy.credential.ScramServerFirst;
import dev.tdb.proxy.credential.ScramSettings;
import dev.tdb.proxy.credential.Secret;
import dev.tdb.proxy.route.BackendLogin;
import dev.tdb.proxy.route.DatabaseName;
import dev.tdb.proxy.route.Engine;
import dev.tdb.proxy.route.Route;
import dev.tdb.proxy.route.RouteKey;
import dev.tdb.proxy.route.RouteState;
import dev.tdb.proxy.route.ServerAddress;
import dev.tdb.proxy.route.ServerTls;
import dev.tdb.proxy.route.Target;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** A server that says what a test wants it to, and a login of ours at it. */
final class LoginServer {
    static final BackendLogin LOGIN = new BackendLogin("tabc", Secret.of("correct horse"));
    static final ScramSettings SETTINGS = new ScramSettings(Secret.of("salt of the server"), 64);

    final RecordingLoginActions actions = new RecordingLoginActions();
    private final ServerLogin login;
    private final int pieceBytes;
    private final ByteBuf in = Unpooled.buffer();

    LoginServer(ServerTls.Mode tls) {
        this(tls, Map.of(), new PostgresServerProtocol(), Integer.MAX_VALUE);
    }

    LoginServer(ServerTls.Mode tls, Map<String, String> parameters, PostgresServerProtocol protocol, int pieceBytes) {
        Target target = new Target(
                "host",
                new ServerAddress("127.0.0.1", 5432),
                new ServerTls(tls, ""),
                "physical",
                Map.of(Role.WRITE, LOGIN));
        RouteKey key = new RouteKey(Engine.POSTGRES, new ProjectId("p"), new DatabaseName("orders", "acme"));
        LinkSpec spec =
                new LinkSpec(new Route(key, 1, target, new RouteState.Open()), new LinkProfile(Role.WRITE, parameters));
        this.login = protocol.login(spec, actions);
        this.pieceBytes = pieceBytes;
        login.onConnected();
    }

    LoginServer say(Consumer<ByteBuf> encode) {
        ByteBuf bytes = Unpooled.buffer();
        encode.accept(bytes);
        while (bytes.isReadable()) {
            in.writeBytes(bytes, Math.min(pieceBytes, bytes.readableBytes()));
            login.onBytes(in);
        }
        return this;
    }

    int unreadBytes() {
        return in.readableBytes();
    }

    LoginServer tlsStands(byte... endPoint) {
        actions.takeSent();
        actions.endPoint = java.util.Optional.of(endPoint);
        login.onTls();
        return this;
    }

    StartupPacket firstPacket() {
        return StartupPacket.read(actions.takeSent()).orElseThrow();
    }

    StartupMessage startup() {
        return (StartupMessage) firstPacket();
    }

    ByteBuf answer() {
        return WholeMessage.read(actions.takeSent(), 10_000).orElseThrow().body();
    }

    /** Asks for SCRAM and goes through with it, up to the server's final message, which is not said. */
    ScramProof scram(String... mechanisms) {
        say(new AuthenticationSASL(List.of(mechanisms))::encode);
        SASLInitialResponse initial = SASLInitialResponse.decode(answer());
        ScramClientFirst first = ScramClientFirst.parse(initial.data());
        ScramServerFirst serverFirst = ScramServerFirst.answering(first, SETTINGS);
        say(new AuthenticationSASLContinue(serverFirst.text())::encode);
        actions.work();
        Secret binding = Secret.of(actions.endPoint.orElse(new byte[0]));
        return new ScramChallenge(first, serverFirst, binding)
                .answered(SASLResponse.decode(answer()).data());
    }

    LoginServer scramToTheEnd() {
        ScramProof proof = scram("SCRAM-SHA-256");
        return say(new AuthenticationSASLFinal(proof.serverFinal(Scram.sha256(LOGIN.password(), SETTINGS)))::encode);
    }

    LoginServer ready() {
        say(new AuthenticationOk()::encode);
        say(new ParameterStatus("server_version", "18.6 (Debian 18.6-1)")::encode);
        say(new ParameterStatus("client_encoding", "UTF8")::encode);
        say(new BackendKeyData(4711, Secret.of("key"))::encode);
        return say(new ReadyForQuery(ReadyForQuery.IDLE)::encode);
    }

    /** Why the login failed, which it must have. */
    LinkFailure failure() {
        if (actions.failed.size() != 1 || !actions.succeeded.isEmpty()) {
            throw new AssertionError("failed " + actions.failed + ", succeeded " + actions.succeeded.size());
        }
        return actions.failed.getFirst();
    }
}
