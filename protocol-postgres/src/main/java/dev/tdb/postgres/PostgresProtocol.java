package dev.tdb.postgres;

import dev.tdb.postgres.backend.PostgresServerProtocol;
import dev.tdb.postgres.frontend.PostgresConversation;
import dev.tdb.postgres.frontend.PostgresHandshake;
import dev.tdb.proxy.backend.ServerProtocol;
import dev.tdb.proxy.frontend.ClientHandshake;
import dev.tdb.proxy.frontend.WireProtocol;
import dev.tdb.proxy.route.Engine;
import java.time.InstantSource;
import java.util.List;

/** PostgreSQL, protocol 3.0 and 3.2, as the data path needs to know it. */
public final class PostgresProtocol implements WireProtocol {
    private final ServerProtocol server = new PostgresServerProtocol();
    private final InstantSource clock;

    public PostgresProtocol() {
        this(InstantSource.system());
    }

    /** @param clock tells which credentials have expired */
    public PostgresProtocol(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public Engine engine() {
        return Engine.POSTGRES;
    }

    @Override
    public List<String> applicationProtocols() {
        return List.of(PostgresHandshake.APPLICATION_PROTOCOL);
    }

    @Override
    public boolean isTlsImplicit() {
        return false;
    }

    @Override
    public ClientHandshake greet(ClientHandshake.Actions actions) {
        return new PostgresHandshake(actions, PostgresConversation::new, clock);
    }

    @Override
    public ServerProtocol server() {
        return server;
    }
}
