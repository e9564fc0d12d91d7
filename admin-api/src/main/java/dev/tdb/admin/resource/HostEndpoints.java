package dev.tdb.admin.resource;

import dev.tdb.admin.http.Access;
import dev.tdb.admin.http.Endpoint;
import dev.tdb.admin.http.Failure;
import dev.tdb.admin.http.Field;
import dev.tdb.admin.http.Reply;
import dev.tdb.admin.http.Request;
import dev.tdb.admin.http.Shape;
import dev.tdb.admin.http.Spans;
import dev.tdb.admin.http.Values;
import dev.tdb.control.host.Host;
import dev.tdb.control.host.HostChange;
import dev.tdb.control.host.HostHealth;
import dev.tdb.control.host.HostSpec;
import dev.tdb.control.host.Hosts;
import dev.tdb.proxy.credential.Secret;
import dev.tdb.proxy.route.Engine;
import dev.tdb.proxy.route.ServerAddress;
import dev.tdb.proxy.route.ServerTls;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@code /hosts} and {@code /regions}: the servers that tenants may be placed on. */
public final class HostEndpoints {
    private static final String REGION_DEFAULT = "default";
    private static final int CAPACITY_DEFAULT = 1000;
    private static final Shape.Word TLS_MODES = new Shape.Word(
            Stream.of(ServerTls.Mode.values()).map(HostEndpoints::word).toList());

    private final Hosts hosts;

    public HostEndpoints(Hosts hosts) {
        this.hosts = hosts;
    }

    record Shown(
            String hostId,
            String databaseType,
            String host,
            int port,
            String tls,
            String region,
            int level,
            int capacity,
            int databases,
            String state,
            String adminUser,
            Instant createdAt) {
        static Shown of(Host host) {
            return new Shown(
                    host.id(),
                    host.engine().title(),
                    host.address().host(),
                    host.address().port(),
                    word(host.tls().mode()),
                    host.region(),
                    host.level(),
                    host.capacity(),
                    host.databases(),
                    host.state().word(),
                    host.adminUser(),
                    host.createdAt());
        }
    }

    record Health(boolean reachable, String version, boolean replica, double latencyMs, String detail) {
        static Health of(HostHealth health) {
            return new Health(
                    health.reachable(),
                    health.version(),
                    health.replica(),
                    Spans.millis(health.latency()),
                    health.detail());
        }
    }

    record Region(String region, List<String> databaseTypes, List<Integer> levels) {}

    public List<Endpoint> endpoints() {
        Field capacity = Field.optional("capacity", new Shape.Whole(1, 1_000_000), "tenant databases at most");
        return List.of(
                Endpoint.get("/regions", Access.PUBLIC, "List regions", this::regions),
                Endpoint.get("/hosts", Access.OPERATOR, "List hosts", this::list)
                        .paged(),
                Endpoint.post("/hosts", Access.OPERATOR, "Register a host", this::register)
                        .body(
                                Field.optional("host_id", Shape.text(40), "made if not given"),
                                Field.required("database_type", Shape.text(20), "PostgreSQL, MySQL, MongoDB or Redis"),
                                Field.required("host", Shape.text(255), "name or address"),
                                Field.optional("port", new Shape.Whole(1, 65535), "the engine's own if not given"),
                                Field.optional("tls", TLS_MODES, "prefer if not given"),
                                Field.optional(
                                        "ca_pem",
                                        new Shape.Text(65536, true),
                                        "who may have signed the server's certificate"),
                                Field.optional("region", Shape.text(64), REGION_DEFAULT + " if not given"),
                                Field.optional("level", new Shape.Level(), "1 (shared) if not given"),
                                capacity,
                                Field.required(
                                        "admin_user",
                                        Shape.text(63),
                                        "may create databases and roles, and end sessions"),
                                Field.required("admin_password", Shape.text(1000), "of admin_user; kept encrypted")),
                Endpoint.get("/hosts/{id}", Access.OPERATOR, "Show a host, and ask how it is", this::show),
                Endpoint.patch("/hosts/{id}", Access.OPERATOR, "Change a host", this::change)
                        .body(
                                Field.optional("region", Shape.text(64), "where it stands"),
                                capacity,
                                Field.optional(
                                        "state", Shape.Word.of("ready", "draining"), "draining takes no new tenants"),
                                Field.optional("admin_user", Shape.text(63), "a new login"),
                                Field.optional("admin_password", Shape.text(1000), "of the login")),
                Endpoint.delete("/hosts/{id}", Access.OPERATOR, "Remove a host that holds nothing", this::remove));
    }

    private Reply regions(Request request) {
        List<Region> regions = hosts.list().stream()
                .collect(Collectors.groupingBy(Host::region, java.util.TreeMap::new, Collectors.toList()))
                .entrySet()
                .stream()
                .map(entry -> new Region(
                        entry.getKey(),
                        entry.getValue().stream()
                                .map(host -> host.engine().title())
                                .distinct()
                                .sorted()
                                .toList(),
                        entry.getValue().stream()
                                .map(Host::level)
                                .distinct()
                                .sorted()
                                .toList()))
                .toList();
        return Reply.ok().with("regions", regions).with("count", regions.size());
    }

    private Reply list(Request request) {
        return Reply.ok().withPage("hosts", hosts.list().stream().map(Shown::of).toList(), request.page());
    }

    private Reply register(Request request) {
        Values body = request.body();
        Engine engine = engine(body.text("database_type"));
        ServerTls.Mode mode = body.textIfAny("tls")
                .map(word -> ServerTls.Mode.valueOf(word.replace('-', '_').toUpperCase(Locale.ROOT)))
                .orElse(ServerTls.Mode.PREFER);
        HostSpec spec = new HostSpec(
                body.textIfAny("host_id").orElse(""),
                engine,
                address(body.text("host"), body.wholeIfAny("port").orElse(engine.defaultPort())),
                new ServerTls(mode, body.textIfAny("ca_pem").orElse("")),
                body.textIfAny("region").orElse(REGION_DEFAULT),
                body.levelIfAny("level").orElse(1),
                body.wholeIfAny("capacity").orElse(CAPACITY_DEFAULT),
                body.text("admin_user"),
                Secret.of(body.text("admin_password")));
        return Reply.created().with("host", Shown.of(hosts.register(spec)));
    }

    private static Engine engine(String text) {
        try {
            return Engine.parse(text);
        } catch (IllegalArgumentException _) {
            throw Failure.badRequest("field 'database_type', expected PostgreSQL, MySQL, MongoDB or Redis");
        }
    }

    private static ServerAddress address(String host, int port) {
        if (host.isBlank()) {
            throw Failure.badRequest("field 'host' is blank");
        }
        return new ServerAddress(host, port);
    }

    private Reply show(Request request) {
        String id = request.path("id");
        return Reply.ok().with("host", Shown.of(hosts.get(id))).with("health", Health.of(hosts.check(id)));
    }

    private Reply change(Request request) {
        Values body = request.body();
        HostChange change = new HostChange(
                body.textIfAny("region").orElse(null),
                body.wholeIfAny("capacity").orElse(null),
                body.textIfAny("state")
                        .map(word -> Host.State.valueOf(word.toUpperCase(Locale.ROOT)))
                        .orElse(null),
                body.textIfAny("admin_user").orElse(null),
                body.textIfAny("admin_password").map(Secret::of).orElse(null));
        return Reply.ok().with("host", Shown.of(hosts.update(request.path("id"), change)));
    }

    private Reply remove(Request request) {
        String id = request.path("id");
        hosts.remove(id);
        return Reply.ok().with("host_id", id).with("message", "Host '" + id + "' is removed");
    }

    private static String word(ServerTls.Mode mode) {
        return mode.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
