package dev.tdb.bench.load;

import dev.tdb.bench.wire.Endpoint;
import dev.tdb.proxy.credential.Secret;
import dev.tdb.proxy.route.Engine;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** tdb as it is released, {@code tdb serve}, with a tenant that its API has made on the server. */
final class TdbProgram implements Relay, Flippable {
    private static final Pattern KEY = Pattern.compile("shown this once: (\\S+)");
    private static final int START_SECONDS_MAX = 60;
    private static final List<String> HOSTS = List.of("127.0.0.1", "localhost");

    private final Program program;
    private final ApiClient api;
    private final Way way;
    private final int serverPort;
    private int flips;

    private TdbProgram(Program program, ApiClient api, Way way, int serverPort) {
        this.program = program;
        this.api = api;
        this.way = way;
        this.serverPort = serverPort;
    }

    static TdbProgram start(WayName.Tdb name, BenchServer server, Ways.Terms terms, Path folder)
            throws IOException, InterruptedException, SQLException {
        String transport = name.transport().name().toLowerCase(Locale.ROOT);
        String tenant = "t_" + transport + (name.isCapturing() ? "" : "_quiet");
        Path own = Files.createDirectory(folder.resolve(tenant));
        int port = FreePort.choose();
        int apiPort = FreePort.choose();
        Path config = own.resolve("tdb.yaml");
        Files.writeString(config, """
            proxy:
              transport: %s
              event_loops: 1
            api:
              address: 127.0.0.1:%d
            listeners:
              %s:
                address: 127.0.0.1:%d
                plaintext: loopback
            query_log:
              enabled: %s
            """.formatted(
                        transport, apiPort, server.endpoint().engine().word(), port, name.isCapturing()));
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(terms.jvmFlags());
        command.addAll(List.of("-jar", terms.jar().toString(), "serve", "--config", config.toString()));
        Path log = own.resolve("tdb.log");
        Program program = Program.start(command, log);
        try {
            ApiClient api = new ApiClient(URI.create("http://127.0.0.1:" + apiPort), key(program, log));
            Endpoint endpoint = tenant(api, server, terms.scale(), tenant, port);
            server.alsoHas(endpoint.database());
            return new TdbProgram(
                    program,
                    api,
                    new Way(name.text(), endpoint, OptionalLong.of(program.pid())),
                    server.endpoint().port());
        } catch (IOException | InterruptedException | SQLException | RuntimeException e) {
            program.close();
            throw e;
        }
    }

    /** The key of the operator, which is said at the first start. */
    private static Secret key(Program program, Path log) throws IOException, InterruptedException {
        for (int i = 0; i < START_SECONDS_MAX * 10 && program.isAlive(); i++) {
            String said = Files.readString(log);
            Matcher key = KEY.matcher(said);
            if (key.find() && said.contains("tdb serves")) {
                return Secret.of(key.group(1));
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
        throw new IOException("tdb does not serve: " + program.tail());
    }

    private static Endpoint tenant(ApiClient api, BenchServer server, int scale, String tenant, int port)
            throws IOException, InterruptedException {
        Engine engine = server.endpoint().engine();
        api.call(
                "POST",
                "/hosts",
                Map.of(
                        "database_type",
                        engine.title(),
                        "host",
                        HOSTS.getFirst(),
                        "port",
                        server.endpoint().port(),
                        "tls",
                        "disable",
                        "admin_user",
                        server.superuser().user(),
                        "admin_password",
                        server.superuser().password()));
        String project = api.call("POST", "/projects", Map.of("name", "bench"))
                .path("project_id")
                .asString();
        String of = "?project=" + project;
        api.call("POST", "/blueprints" + of, Map.of("name", "bench", "database_type", engine.title()));
        api.call("POST", "/blueprints/bench/versions" + of, Map.of("statements", server.tables(scale)));
        JsonNode made = api.call(
                "POST",
                "/tenants" + of,
                Map.of("tenant_id", tenant, "databases", List.of(Map.of("blueprint", "bench"))));
        URI string = URI.create(made.path("databases")
                .path(0)
                .path("connection")
                .path("connection_string")
                .asString());
        String[] login = string.getUserInfo().split(":", 2);
        return new Endpoint(engine, "127.0.0.1", port, string.getPath().substring(1), login[0], Secret.of(login[1]));
    }

    @Override
    public Way way() {
        return way;
    }

    @Override
    public String flip() throws IOException, InterruptedException {
        flips++;
        JsonNode reply = api.call(
                "PUT",
                "/routes/" + way.endpoint().database() + "?project="
                        + way.endpoint().user(),
                Map.of("host", HOSTS.get(flips % HOSTS.size()), "port", serverPort));
        return "held for " + reply.path("hold_ms").asString() + " ms, held "
                + reply.path("held").asString() + ", moved "
                + reply.path("moved").asString() + ", closed " + reply.path("closed_by_reason") + ", steps "
                + reply.path("steps");
    }

    @Override
    public void close() {
        program.close();
    }
}
