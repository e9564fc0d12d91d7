package dev.tdb.it;

import dev.tdb.app.config.ServeConfig;
import dev.tdb.local.MySqlServer;
import dev.tdb.proxy.route.Engine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Refusals under load, on MariaDB. */
final class MySqlRefusedUnderLoadIT extends RefusedUnderLoadContract {
    private MySqlServer server;

    @Override
    Installation install(Path directory) throws IOException {
        server = TestServers.mariaDb(directory.resolve("server")).start();
        Installation installation = Installation.start(
                directory.resolve("state"),
                Engine.MYSQL,
                ServeConfig.MYSQL_VERSION,
                List.of("CREATE TABLE items (name text)"));
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
        return "1205";
    }

    @Override
    String deleted() {
        return "1049";
    }
}
