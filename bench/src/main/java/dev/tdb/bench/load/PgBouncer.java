package dev.tdb.bench.load;

import dev.tdb.bench.wire.Endpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/** PgBouncer in session mode, with a pool that every client finds room in. */
final class PgBouncer {
    private PgBouncer() {}

    /** @param verifier what the server has of the password, so that its iterations are the same here */
    static Relay start(Path binary, Endpoint server, String verifier, Path folder)
            throws IOException, InterruptedException {
        int port = FreePort.choose();
        Path users = folder.resolve("pgbouncer.users");
        Path config = folder.resolve("pgbouncer.ini");
        Files.writeString(users, "\"" + server.user() + "\" \"" + verifier + "\"\n");
        Files.writeString(config, """
            [databases]
            * = host=%s port=%d
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = %d
            unix_socket_dir =
            auth_type = scram-sha-256
            auth_file = %s
            pool_mode = session
            server_reset_query = DISCARD ALL
            max_client_conn = 5000
            default_pool_size = 1200
            log_connections = 0
            log_disconnections = 0
            ignore_startup_parameters = extra_float_digits
            """.formatted(server.host(), server.port(), port, users));
        List<String> command = new ArrayList<>();
        if (System.getProperty("user.name").equals("root")) {
            // It refuses to be root.
            command.addAll(List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"));
            for (Path file : List.of(users, config)) {
                Files.setOwner(
                        file,
                        file.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody"));
                Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
            }
        }
        command.addAll(List.of(binary.toString(), config.toString()));
        return OtherRelay.start(Way.PGBOUNCER, command, server, port, folder);
    }
}
