package dev.tdb.bench.wire;

import dev.tdb.proxy.credential.Secret;

/** Where a client connects, and as whom. */
public record Endpoint(String host, int port, String database, String user, Secret password) {
    public Endpoint at(int otherPort) {
        return new Endpoint(host, otherPort, database, user, password);
    }
}
