package dev.tdb.bench.load;

import dev.tdb.bench.wire.Endpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** MySQL Router on one thread, which passes connections on as they are. */
final class MySqlRouter {
    private MySqlRouter() {}

    static Relay start(Path binary, Endpoint server, Path folder) throws IOException, InterruptedException {
        int port = FreePort.choose();
        Path config = folder.resolve("mysqlrouter.conf");
        Files.writeString(config, """
            [DEFAULT]
            runtime_folder = %1$s
            data_folder = %1$s
            max_total_connections = 5000
            [logger]
            level = WARNING
            [io]
            threads = 1
            [routing:bench]
            bind_address = 127.0.0.1
            bind_port = %2$d
            destinations = %3$s:%4$d
            routing_strategy = first-available
            protocol = classic
            client_ssl_mode = DISABLED
            server_ssl_mode = DISABLED
            max_connections = 5000
            """.formatted(folder, port, server.host(), server.port()));
        return OtherRelay.start(
                Way.MYSQLROUTER, List.of(binary.toString(), "--config", config.toString()), server, port, folder);
    }
}
