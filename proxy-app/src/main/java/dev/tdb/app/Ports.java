package dev.tdb.app;

import dev.tdb.app.config.HostAndPort;
import dev.tdb.app.config.ServeConfig;
import dev.tdb.app.config.ServeConfig.ListenerSettings;
import dev.tdb.control.tenant.PublicEndpoint;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/** Gives listeners that may have any port a free one: connection strings must know it before anything listens. */
final class Ports {
    private Ports() {}

    static ServeConfig chosen(ServeConfig config) throws IOException {
        List<ListenerSettings> listeners = new ArrayList<>();
        for (ListenerSettings listener : config.listeners()) {
            listeners.add(chosen(listener));
        }
        return new ServeConfig(
                config.store(),
                config.keyFile(),
                config.trashKept(),
                config.queryLog(),
                config.deployments(),
                config.queryEventsMax(),
                config.api(),
                config.node(),
                listeners,
                config.shutdownPatience());
    }

    private static ListenerSettings chosen(ListenerSettings listener) throws IOException {
        int port = listener.address().port() == 0
                ? free(listener.address().host())
                : listener.address().port();
        PublicEndpoint named = listener.publicEndpoint();
        return new ListenerSettings(
                listener.engine(),
                new HostAndPort(listener.address().host(), port),
                new PublicEndpoint(named.host(), named.port() == 0 ? port : named.port(), named.tls()),
                listener.serverVersion(),
                listener.certificate(),
                listener.plaintext(),
                listener.cleartextPassword(),
                listener.connectionsMax(),
                listener.proxyProtocolFrom());
    }

    private static int free(String host) throws IOException {
        try (ServerSocket probe = new ServerSocket()) {
            probe.bind(new HostAndPort(host, 0).resolved());
            return probe.getLocalPort();
        }
    }
}
