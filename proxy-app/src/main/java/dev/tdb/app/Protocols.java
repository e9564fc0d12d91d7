package dev.tdb.app;

import dev.tdb.postgres.PostgresProtocol;
import dev.tdb.proxy.frontend.WireProtocol;
import dev.tdb.proxy.route.Engine;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

/** The wire protocols of this build, by engine. */
public final class Protocols {
    private final Map<Engine, WireProtocol> protocols = new EnumMap<>(Engine.class);

    public Protocols() {
        add(new PostgresProtocol());
    }

    private void add(WireProtocol protocol) {
        protocols.put(protocol.engine(), protocol);
    }

    public Set<Engine> engines() {
        return Set.copyOf(protocols.keySet());
    }

    /** @throws IllegalArgumentException for an engine that is not among {@link #engines} */
    public WireProtocol of(Engine engine) {
        WireProtocol protocol = protocols.get(engine);
        if (protocol == null) {
            throw new IllegalArgumentException("this build does not speak " + engine.title());
        }
        return protocol;
    }
}
