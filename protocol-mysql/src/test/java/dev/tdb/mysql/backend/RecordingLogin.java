package dev.tdb.mysql.backend;

import dev.tdb.mysql.message.Packets;
import dev.tdb.mysql.message.WholePacket;
import dev.tdb.proxy.backend.LinkFacts;
import dev.tdb.proxy.backend.LinkFailure;
import dev.tdb.proxy.backend.LinkSpec;
import dev.tdb.proxy.backend.ServerLogin;
import dev.tdb.proxy.credential.ProjectId;
import dev.tdb.proxy.credential.Role;
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
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;

/** A login at a server in the hands of a test, and what it does to its connection. */
final class RecordingLogin implements ServerLogin.Actions {
    static final Secret PASSWORD = Secret.of("the proxy's own");

    final List<LinkFacts> facts = new ArrayList<>();
    final List<LinkFailure> failures = new ArrayList<>();
    final MySqlLogin login;
    int tlsStarts;
    private final ByteBuf sent = Unpooled.buffer();
    private ByteBuf shown = Unpooled.EMPTY_BUFFER;

    RecordingLogin(ServerTls.Mode mode) {
        this.login = new MySqlLogin(spec(mode), this);
        login.onConnected();
    }

    private static LinkSpec spec(ServerTls.Mode mode) {
        RouteKey key = new RouteKey(Engine.MYSQL, new ProjectId("tdb_1"), new DatabaseName("shop", "acme"));
        Target target = new Target(
                "host",
                new ServerAddress("127.0.0.1", 3306),
                new ServerTls(mode, ""),
                "physical",
                Map.of(Role.WRITE, new BackendLogin("app", PASSWORD)));
        Route route = new Route(key, 1, target, new RouteState.Open());
        return new LinkSpec(route, new LoginProfile(0, 45, true).toLink(Role.WRITE));
    }

    /** The server says one packet. */
    void server(int sequence, Consumer<ByteBuf> payload) {
        ByteBuf out = Unpooled.buffer();
        Packets.write(out, sequence, payload);
        shown = out;
        login.onBytes(out);
    }

    /** The buffer that the login was shown last. */
    ByteBuf shown() {
        return shown;
    }

    /** The next packet that was sent. */
    WholePacket received() {
        return WholePacket.read(sent, 10_000).orElseThrow();
    }

    boolean isSilent() {
        return !sent.isReadable();
    }

    @Override
    public ByteBufAllocator allocator() {
        return UnpooledByteBufAllocator.DEFAULT;
    }

    @Override
    public void send(ByteBuf bytes) {
        sent.writeBytes(bytes);
        bytes.release();
    }

    @Override
    public void startTls() {
        tlsStarts++;
    }

    @Override
    public Optional<byte[]> tlsServerEndPoint() {
        return Optional.empty();
    }

    @Override
    public <T> void offLoop(Callable<T> work, Consumer<T> then) {
        T result;
        try {
            result = work.call();
        } catch (Exception e) {
            fail(new LinkFailure.Unreachable(e.toString()));
            return;
        }
        later = () -> then.accept(result);
    }

    private Runnable later = () -> {};

    /** What was done off the event loop is done. */
    void runLater() {
        Runnable run = later;
        later = () -> {};
        run.run();
    }

    @Override
    public void succeed(LinkFacts learned) {
        facts.add(learned);
        // As on a real connection: the login's buffer was given back, and is somebody else's at once.
        shown.clear();
        Packets.write(shown, 0, out -> out.writeByte(14));
    }

    @Override
    public void fail(LinkFailure failure) {
        failures.add(failure);
    }
}
