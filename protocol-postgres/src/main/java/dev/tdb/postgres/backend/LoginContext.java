package dev.tdb.postgres.backend;

import dev.tdb.postgres.message.StartupMessage;
import dev.tdb.proxy.backend.LinkSpec;
import dev.tdb.proxy.backend.ServerLogin;
import dev.tdb.proxy.credential.ScramKeys;
import dev.tdb.proxy.route.BackendLogin;
import dev.tdb.proxy.route.ServerTls;
import io.netty.buffer.ByteBuf;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What one login has at hand.
 *
 * @param onKeys told of the keys that were derived off the event loop
 */
record LoginContext(LinkSpec spec, ServerLogin.Actions actions, ScramKeyCache keys, Consumer<ScramKeys> onKeys) {
    /** We ask servers for 3.0 only: nothing that 3.2 adds is of use between us. */
    private static final int MINOR_VERSION = 0;

    BackendLogin login() {
        return spec.login();
    }

    ServerTls.Mode tlsMode() {
        return spec.target().tls().mode();
    }

    /** Sends the message that {@code encode} appends to a new buffer. */
    void send(Consumer<ByteBuf> encode) {
        ByteBuf out = actions.allocator().buffer();
        encode.accept(out);
        actions.send(out);
    }

    /** Sends the StartupMessage. Who we are and where we go is never the client's to say. */
    void start() {
        Map<String, String> parameters = new LinkedHashMap<>(spec.profile().parameters());
        parameters.remove("replication");
        parameters.put("user", login().user());
        parameters.put("database", spec.target().database());
        send(new StartupMessage(StartupMessage.MAJOR_VERSION, MINOR_VERSION, parameters)::encode);
    }
}
