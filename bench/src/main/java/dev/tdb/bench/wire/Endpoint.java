package dev.tdb.bench.wire;

import dev.tdb.proxy.credential.Secret;
import dev.tdb.proxy.route.Engine;

/** Where a client connects, in which protocol, and as whom. */
public record Endpoint(Engine engine, String host, int port, String database, String user, Secret password) {
    public Endpoint at(int otherPort) {
        return new Endpoint(engine, host, otherPort, database, user, password);
    }
}
