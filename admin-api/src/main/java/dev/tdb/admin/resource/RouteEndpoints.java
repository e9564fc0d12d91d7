package dev.tdb.admin.resource;

import dev.tdb.admin.http.Access;
import dev.tdb.admin.http.Endpoint;
import dev.tdb.admin.http.Failure;
import dev.tdb.admin.http.Field;
import dev.tdb.admin.http.Page;
import dev.tdb.admin.http.Reply;
import dev.tdb.admin.http.Request;
import dev.tdb.admin.http.Shape;
import dev.tdb.admin.http.Spans;
import dev.tdb.admin.http.Values;
import dev.tdb.control.cutover.FlipRequest;
import dev.tdb.control.cutover.FlipRequest.OnDeadline;
import dev.tdb.control.cutover.FlipResult;
import dev.tdb.control.host.Hosts;
import dev.tdb.control.route.RouteView;
import dev.tdb.control.route.Routes;
import dev.tdb.proxy.credential.ProjectId;
import dev.tdb.proxy.route.RouteState;
import dev.tdb.proxy.route.ServerAddress;
import java.time.Instant;
import java.util.List;

/** {@code /routes}: which server holds a tenant database, and how to lead it to another one by hand. */
public final class RouteEndpoints {
    private final Reach reach;
    private final Routes routes;
    private final Hosts hosts;

    public RouteEndpoints(Reach reach, Routes routes, Hosts hosts) {
        this.reach = reach;
        this.routes = routes;
        this.hosts = hosts;
    }

    /** A route as replies show it; {@code hostId} is empty for an address that is not registered. */
    record Shown(
            String database,
            String databaseType,
            String project,
            String hostId,
            String host,
            int port,
            String physicalDatabase,
            long epoch,
            String state,
            Instant changedAt) {
        static Shown of(RouteView route) {
            return new Shown(
                    route.key().database().toString(),
                    route.key().engine().title(),
                    route.key().project().value(),
                    route.hostId(),
                    route.address().host(),
                    route.address().port(),
                    route.database(),
                    route.epoch(),
                    word(route.state()),
                    route.changedAt());
        }

        private static String word(RouteState state) {
            return switch (state) {
                case RouteState.Open _ -> "open";
                case RouteState.Suspended _ -> "suspended";
                case RouteState.Preparing _ -> "preparing";
                case RouteState.Deleted _ -> "deleted";
            };
        }
    }

    record Place(String host, int port) {
        static Place of(ServerAddress address) {
            return new Place(address.host(), address.port());
        }
    }

    record Step(String step, double ms) {}

    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.get("/routes", Access.OPERATOR, "List routes", this::list)
                        .paged(),
                Endpoint.get("/routes/{database}", Access.OPERATOR, "Show a route", this::show),
                Endpoint.put("/routes/{database}", Access.OPERATOR, "Lead a route to another server", this::flip)
                        .body(
                                Field.optional("host", Shape.text(255), "name or address of the server"),
                                Field.optional("port", new Shape.Whole(1, 65535), "of the server"),
                                Field.optional(
                                        "host_id", Shape.text(64), "a registered host, instead of host and port"),
                                Field.optional(
                                        "drain_timeout",
                                        new Shape.Span(),
                                        "how long units in flight may last, 100ms to 10m; 10s if not given"),
                                Field.optional(
                                        "on_deadline",
                                        Shape.Word.of("abort", "kill"),
                                        "what becomes of the flip when they last longer; abort if not given"),
                                Field.optional("dry_run", new Shape.Flag(), "true only tells what would happen"),
                                Field.optional(
                                        "force",
                                        new Shape.Flag(),
                                        "true goes on although the old server cannot be reached and so not fenced")),
                Endpoint.post("/routes/{database}/suspend", Access.OPERATOR, "Hold a route's queries", this::suspend)
                        .body(RestTerms.FIELDS),
                Endpoint.post(
                        "/routes/{database}/resume", Access.OPERATOR, "Let a route's queries go on", this::resume));
    }

    private Reply list(Request request) {
        Page page = request.page();
        List<Shown> found = routes.list(reach.project(request), page.limit() + 1, page.offset()).stream()
                .map(Shown::of)
                .toList();
        return Reply.ok().withPeekedPage("routes", found, page);
    }

    private Reply show(Request request) {
        return Reply.ok().with("route", Shown.of(routes.get(reach.project(request), request.path("database"))));
    }

    private Reply flip(Request request) {
        ProjectId project = reach.project(request);
        Values body = request.body();
        FlipRequest wish = new FlipRequest(
                target(body),
                body.spanIfAny("drain_timeout").orElse(FlipRequest.DRAIN_TIMEOUT_DEFAULT),
                body.textIfAny("on_deadline").map(OnDeadline::parse).orElse(OnDeadline.ABORT),
                body.flag("dry_run"),
                body.flag("force"));
        return told(routes.flip(project, request.path("database"), wish));
    }

    private ServerAddress target(Values body) {
        boolean byId = body.textIfAny("host_id").isPresent();
        boolean byAddress =
                body.textIfAny("host").isPresent() || body.wholeIfAny("port").isPresent();
        if (byId == byAddress) {
            throw Failure.badRequest("name the target by 'host' and 'port', or by 'host_id'");
        }
        if (byId) {
            return hosts.get(body.text("host_id")).address();
        }
        String host = body.textIfAny("host").orElseThrow(() -> Failure.badRequest("field 'host' is missing"));
        int port = body.wholeIfAny("port").orElseThrow(() -> Failure.badRequest("field 'port' is missing"));
        if (host.isBlank()) {
            throw Failure.badRequest("field 'host' is blank");
        }
        return new ServerAddress(host, port);
    }

    private static Reply told(FlipResult result) {
        Reply reply = Reply.ok()
                .with("database", result.route().database().toString())
                .with("database_type", result.route().engine().title())
                .with("dry_run", result.dryRun())
                .with("from", Place.of(result.from()))
                .with("to", Place.of(result.to()))
                .with("epoch", result.epoch())
                .with("same_server", result.sameServer())
                .with("sessions", result.sessions())
                .with("held", result.held())
                .with("drained", result.drained())
                .with("moved", result.moved())
                .with("stayed", result.stayed())
                .with(
                        "closed",
                        result.closedByReason().values().stream()
                                .mapToInt(Integer::intValue)
                                .sum())
                .with("closed_by_reason", result.closedByReason())
                .with("hold_ms", Spans.millis(result.holdTime()))
                .with(
                        "steps",
                        result.steps().stream()
                                .map(step -> new Step(step.step(), Spans.millis(step.duration())))
                                .toList())
                .with("warnings", result.warnings());
        return result.operationId().isEmpty() ? reply : reply.with("operation_id", result.operationId());
    }

    private Reply suspend(Request request) {
        ProjectId project = reach.project(request);
        String database = request.path("database");
        return RestTerms.counted(
                Reply.ok()
                        .with("database", database)
                        .with("status", "suspended")
                        .with("message", "Route '" + database + "' is suspended"),
                routes.suspend(project, database, RestTerms.of(request.body())));
    }

    private Reply resume(Request request) {
        ProjectId project = reach.project(request);
        String database = request.path("database");
        return RestTerms.counted(
                Reply.ok()
                        .with("database", database)
                        .with("status", "ready")
                        .with("message", "Route '" + database + "' is back"),
                routes.resume(project, database));
    }
}
