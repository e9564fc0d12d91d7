package dev.tdb.bench.load;

import dev.tdb.bench.wire.Endpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** HAProxy as a relay of bytes, on one thread. */
final class HaProxy {
    private HaProxy() {}

    static Relay start(Path binary, Endpoint server, Path folder) throws IOException, InterruptedException {
        int port = FreePort.choose();
        Path config = folder.resolve("haproxy.cfg");
        Files.writeString(config, """
            global
                nbthread 1
                maxconn 5000
            defaults
                mode tcp
                timeout connect 10s
                timeout client 1h
                timeout server 1h
            frontend in
                bind 127.0.0.1:%d
                default_backend out
            backend out
                server it %s:%d
            """.formatted(port, server.host(), server.port()));
        return OtherRelay.start(
                Way.HAPROXY, List.of(binary.toString(), "-db", "-f", config.toString()), server, port, folder);
    }
}
