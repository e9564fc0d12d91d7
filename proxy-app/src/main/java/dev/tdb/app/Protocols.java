package dev.tdb.app;

import dev.tdb.app.config.ServeConfig.ListenerSettings;
import dev.tdb.mysql.MySqlProtocol;
import dev.tdb.postgres.PostgresProtocol;
import dev.tdb.proxy.frontend.WireProtocol;
import dev.tdb.proxy.route.Engine;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** The wire protocols of this build, by engine. */
public final class Protocols {
    private final Map<Engine, Function<ListenerSettings, WireProtocol>> protocols = new EnumMap<>(Engine.class);

    public Protocols() {
        protocols.put(Engine.POSTGRES, _ -> new PostgresProtocol());
        protocols.put(Engine.MYSQL, listener -> MySqlProtocol.saying(listener.serverVersion()));
    }

    public Set<Engine> engines() {
        return Set.copyOf(protocols.keySet());
    }

    /** @throws IllegalArgumentException for a listener whose engine is not among {@link #engines} */
    public WireProtocol of(ListenerSettings listener) {
        Function<ListenerSettings, WireProtocol> protocol = protocols.get(listener.engine());
        if (protocol == null) {
            throw new IllegalArgumentException(
                    "this build does not speak " + listener.engine().title());
        }
        return protocol.apply(listener);
    }
}
