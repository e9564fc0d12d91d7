package dev.tdb.mysql;

import dev.tdb.mysql.backend.MySqlServerProtocol;
import dev.tdb.mysql.frontend.MySqlHandshake;
import dev.tdb.mysql.frontend.RsaKey;
import dev.tdb.proxy.backend.ServerProtocol;
import dev.tdb.proxy.frontend.ClientHandshake;
import dev.tdb.proxy.frontend.WireProtocol;
import dev.tdb.proxy.route.Engine;
import java.time.InstantSource;
import java.util.List;

/** The client/server protocol of MySQL and MariaDB, as the data path needs to know it. */
public final class MySqlProtocol implements WireProtocol {
    private final ServerProtocol server = new MySqlServerProtocol();
    private final RsaKey key = new RsaKey();
    private final MySqlFlavour flavour;
    private final String version;
    private final InstantSource clock;

    public MySqlProtocol(MySqlFlavour flavour) {
        this(flavour, InstantSource.system());
    }

    /** @param clock tells which credentials have expired */
    public MySqlProtocol(MySqlFlavour flavour, InstantSource clock) {
        this(flavour, flavour.version(), clock);
    }

    private MySqlProtocol(MySqlFlavour flavour, String version, InstantSource clock) {
        this.flavour = flavour;
        this.version = version;
        this.clock = clock;
    }

    /** @param version that clients are told, of the product that it names */
    public static MySqlProtocol saying(String version) {
        return new MySqlProtocol(MySqlFlavour.of(version), version, InstantSource.system());
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
        return new MySqlHandshake(actions, version, flavour.authPlugin(), flavour.capabilities(), clock, key);
    }

    @Override
    public ServerProtocol server() {
        return server;
    }
}
