package dev.tdb.mysql.backend;

import dev.tdb.mysql.message.ErrPacket;
import dev.tdb.mysql.message.Packets;
import dev.tdb.proxy.backend.LinkFailure;
import dev.tdb.proxy.backend.LinkSpec;
import dev.tdb.proxy.backend.ServerLogin.Actions;
import dev.tdb.proxy.route.BackendLogin;
import dev.tdb.proxy.route.ServerTls;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.Callable;
import java.util.function.Consumer;

/**
 * What one login has at hand.
 *
 * @param onEnciphered told of the password that was enciphered off the event loop
 */
record LoginContext(LinkSpec spec, Actions actions, Consumer<byte[]> onEnciphered) {
    private static final int REASON_CHARS_MAX = 300;

    BackendLogin login() {
        return spec.login();
    }

    ServerTls.Mode tlsMode() {
        return spec.target().tls().mode();
    }

    /** Whether a certificate authority vouches for the server. */
    boolean isServerVerified() {
        return switch (tlsMode()) {
            case VERIFY_CA, VERIFY_FULL -> true;
            case DISABLE, PREFER, REQUIRE -> false;
        };
    }

    /** The physical database that the session begins in; empty for none. */
    String database() {
        return profile().hasDatabase() ? spec.target().database() : "";
    }

    LoginProfile profile() {
        return LoginProfile.of(spec.profile());
    }

    /** Sends one packet. */
    void send(int sequence, Consumer<ByteBuf> payload) {
        ByteBuf out = actions.allocator().buffer();
        Packets.write(out, sequence, payload);
        actions.send(out);
    }

    void encipher(Callable<byte[]> work) {
        actions.offLoop(work, onEnciphered);
    }

    /** Whatever a server has against a login, it is against ours: the client chose nothing that could be wrong. */
    void fail(ErrPacket error) {
        fail("the server said " + error.code() + ": " + error.message());
    }

    void fail(String reason) {
        actions.fail(new LinkFailure.Unreachable(
                reason.length() <= REASON_CHARS_MAX ? reason : reason.substring(0, REASON_CHARS_MAX)));
    }
}
