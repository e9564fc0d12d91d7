package dev.tdb.app.dev;

import dev.tdb.control.host.Host;
import dev.tdb.control.host.HostChange;
import dev.tdb.control.host.HostSpec;
import dev.tdb.control.host.Hosts;
import dev.tdb.local.LocalServerException;
import dev.tdb.local.PostgresBinaries;
import dev.tdb.local.PostgresServer;
import dev.tdb.local.PostgresSpec;
import dev.tdb.local.Progress;
import dev.tdb.proxy.credential.Secret;
import dev.tdb.proxy.route.Engine;
import dev.tdb.proxy.route.ServerAddress;
import dev.tdb.proxy.route.ServerTls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;

/**
 * The real PostgreSQL behind {@code tdb dev}. The control plane knows it by two addresses, so that a route has
 * somewhere to go; it keeps its port for as long as the state lives, because routes name it.
 */
final class LocalPostgres implements AutoCloseable {
    static final String HOST_ID = "pg1";
    static final String ALIAS_ID = "pg1-alias";
    private static final String REGION = "local";
    private static final String PORT_FILE = "postgres.port";
    private static final int CAPACITY = 1000;

    private final PostgresServer server;

    private LocalPostgres(PostgresServer server) {
        this.server = server;
    }

    static LocalPostgres start(DevFolder folder, String programs, Progress progress) throws IOException {
        try {
            Path portFile = folder.resolve(PORT_FILE);
            int port = Files.exists(portFile)
                    ? Integer.parseInt(Files.readString(portFile).strip())
                    : 0;
            PostgresSpec spec = PostgresServer.spec(folder.resolve("postgres"), binaries(folder, programs, progress))
                    .port(port)
                    .setting("wal_level", "logical")
                    .progress(progress)
                    .withoutShutdownHook();
            PostgresServer server = spec.start();
            folder.write(PORT_FILE, server.port() + "\n");
            return new LocalPostgres(server);
        } catch (LocalServerException fault) {
            throw new DevFault(String.valueOf(fault.getMessage()));
        }
    }

    private static PostgresBinaries binaries(DevFolder folder, String programs, Progress progress) {
        if (programs.isEmpty()) {
            return PostgresBinaries.embedded(folder.resolve("programs"), progress);
        }
        if (programs.equals("path")) {
            return PostgresBinaries.onPath()
                    .orElseThrow(
                            () -> new DevFault("there is no program 'postgres' on the PATH: name the folder it is in"
                                    + " with --postgres-bin DIR, such as /usr/lib/postgresql/17/bin"));
        }
        try {
            return PostgresBinaries.in(Path.of(programs));
        } catch (InvalidPathException _) {
            throw new DevFault("--postgres-bin '" + programs + "', expected a folder or the word path");
        }
    }

    int port() {
        return server.port();
    }

    String adminUser() {
        return server.superuser().user();
    }

    String adminPassword() {
        return server.superuser().password();
    }

    /** Its two addresses, by host id. */
    List<HostSpec> hosts() {
        return List.of(host(HOST_ID, server.host()), host(ALIAS_ID, "localhost"));
    }

    private HostSpec host(String id, String address) {
        return new HostSpec(
                id,
                Engine.POSTGRES,
                new ServerAddress(address, server.port()),
                ServerTls.disabled(),
                REGION,
                1,
                CAPACITY,
                adminUser(),
                Secret.of(adminPassword()));
    }

    /** Makes both known, unless they are. New tenants are placed under the first name. */
    void register(Hosts hosts) {
        List<String> known = hosts.list().stream().map(Host::id).toList();
        hosts().stream()
                .filter(spec -> Predicate.not(known::contains).test(spec.id()))
                .forEach(hosts::register);
        hosts.update(ALIAS_ID, new HostChange(null, null, Host.State.DRAINING, null, null));
    }

    @Override
    public void close() {
        server.close();
    }
}
