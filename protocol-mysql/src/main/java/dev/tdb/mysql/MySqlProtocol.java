package dev.tdb.mysql;

import dev.tdb.mysql.backend.MySqlServerProtocol;
import dev.tdb.mysql.frontend.MySqlHandshake;
import dev.tdb.proxy.backend.ServerProtocol;
import dev.tdb.proxy.frontend.ClientHandshake;
import dev.tdb.proxy.frontend.WireProtocol;
import dev.tdb.proxy.route.Engine;
import java.time.InstantSource;
import java.util.List;

/** The client/server protocol of MySQL and MariaDB, as the data path needs to know it. */
public final class MySqlProtocol implements WireProtocol {
    private final ServerProtocol server = new MySqlServerProtocol();
    private final MySqlFlavour flavour;
    private final InstantSource clock;

    public MySqlProtocol(MySqlFlavour flavour) {
        this(flavour, InstantSource.system());
    }

    /** @param clock tells which credentials have expired */
    public MySqlProtocol(MySqlFlavour flavour, InstantSource clock) {
        this.flavour = flavour;
        this.clock = clock;
    }

    @Override
    public Engine engine() {
        return Engine.MYSQL;
    }

    @Override
    public List<String> applicationProtocols() {
        return List.of();
    }

    @Override
    public boolean isTlsImplicit() {
        return false;
    }

    @Override
    public ClientHandshake greet(ClientHandshake.Actions actions) {
        return new MySqlHandshake(actions, flavour.version(), flavour.authPlugin(), clock);
    }

    @Override
    public ServerProtocol server() {
        return server;
    }
}
