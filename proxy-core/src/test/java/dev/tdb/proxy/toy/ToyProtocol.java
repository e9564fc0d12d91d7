package dev.tdb.proxy.toy;

import dev.tdb.proxy.backend.ServerProtocol;
import dev.tdb.proxy.frontend.ClientHandshake;
import dev.tdb.proxy.frontend.WireProtocol;
import dev.tdb.proxy.route.Engine;
import java.util.List;

/**
 * A protocol of lines, small enough to see through. Every line is a command and is answered by one line, which begins
 * with {@code I} or, in a transaction, {@code T}; but {@code NOTE} is not answered, and {@code QUIT} is a goodbye. Lines
 * of the server that begin with {@code *} answer nothing.
 *
 * @param isTlsImplicit whether clients speak TLS from their first byte
 */
public record ToyProtocol(boolean isTlsImplicit) implements WireProtocol {
    /** As many replies may be outstanding. */
    static final int PIPELINE_MAX = 1_000;

    @Override
    public Engine engine() {
        return Engine.REDIS;
    }

    @Override
    public List<String> applicationProtocols() {
        return List.of();
    }

    @Override
    public ClientHandshake greet(ClientHandshake.Actions actions) {
        return new ToyHandshake(actions);
    }

    @Override
    public ServerProtocol server() {
        return new ToyServerProtocol();
    }
}
