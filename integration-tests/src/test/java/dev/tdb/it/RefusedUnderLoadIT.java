package dev.tdb.it;

import dev.tdb.local.PostgresServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Refusals under load, on PostgreSQL. */
final class RefusedUnderLoadIT extends RefusedUnderLoadContract {
    private PostgresServer server;

    @Override
    Installation install(Path directory) throws IOException {
        server = TestServers.postgres(directory.resolve("server")).start();
        Installation installation =
                Installation.start(directory.resolve("state"), List.of("CREATE TABLE items (name text)"));
        installation.host("one", "127.0.0.1", server);
        return installation;
    }

    @Override
    int serverPort() {
        return server.port();
    }

    @Override
    void stopServer() {
        server.close();
    }

    @Override
    String suspended() {
        return "55P03";
    }

    @Override
    String deleted() {
        return "3D000";
    }
}
