package dev.tdb.app.dev;

import dev.tdb.control.host.Host;
import dev.tdb.control.host.HostChange;
import dev.tdb.control.host.HostSpec;
import dev.tdb.control.host.Hosts;
import dev.tdb.local.LocalServerException;
import dev.tdb.local.OwnedServer;
import dev.tdb.local.Progress;
import dev.tdb.proxy.credential.Secret;
import dev.tdb.proxy.route.Engine;
import dev.tdb.proxy.route.ServerAddress;
import dev.tdb.proxy.route.ServerTls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;

/**
 * A real server behind {@code tdb dev}. The control plane knows it by two addresses, so that a route has somewhere to go;
 * it keeps its port for as long as the state lives, because routes name it.
 */
final class LocalServer implements AutoCloseable {
    private static final String REGION = "local";
    private static final int CAPACITY = 1000;

    private final Engine engine;
    private final String hostId;
    private final OwnedServer server;

    /** @param server ends with this */
    LocalServer(Engine engine, String hostId, OwnedServer server) {
        this.engine = engine;
        this.hostId = hostId;
        this.server = server;
    }

    /** How a server of one engine is started. */
    interface Starter {
        /** @param port 0 for any */
        LocalServer start(DevFolder folder, String programs, int port, Progress progress);
    }

    static LocalServer start(DevFolder folder, DevEngine engine, Progress progress) throws IOException {
        Starter starter = switch (engine.engine()) {
            case POSTGRES -> LocalPostgres::start;
            case MYSQL -> LocalMySql::start;
            case MONGODB, REDIS -> throw new IllegalArgumentException(engine.toString());
        };
        Path portFile = folder.resolve(engine.engine().word() + ".port");
        int port = Files.exists(portFile)
                ? Integer.parseInt(Files.readString(portFile).strip())
                : 0;
        try {
            LocalServer started = starter.start(folder, engine.programs(), port, progress);
            folder.write(portFile.getFileName().toString(), started.server.port() + "\n");
            return started;
        } catch (LocalServerException fault) {
            throw new DevFault(String.valueOf(fault.getMessage()));
        }
    }

    Engine engine() {
        return engine;
    }

    /** Its two addresses, by host id. */
    List<HostSpec> hosts() {
        return List.of(host(hostId, server.host()), host(aliasId(), "localhost"));
    }

    private String aliasId() {
        return hostId + "-alias";
    }

    private HostSpec host(String id, String host) {
        return new HostSpec(
                id,
                engine,
                new ServerAddress(host, server.port()),
                ServerTls.disabled(),
                REGION,
                1,
                CAPACITY,
                server.superuser().user(),
                Secret.of(server.superuser().password()));
    }

    /** Makes both known, unless they are. New tenants are placed under the first name. */
    void register(Hosts hosts) {
        List<String> known = hosts.list().stream().map(Host::id).toList();
        hosts().stream()
                .filter(spec -> Predicate.not(known::contains).test(spec.id()))
                .forEach(hosts::register);
        hosts.update(aliasId(), new HostChange(null, null, Host.State.DRAINING, null, null));
    }

    @Override
    public void close() {
        server.close();
    }
}
