package dev.tdb.admin.resource;

import dev.tdb.admin.http.Access;
import dev.tdb.admin.http.Code;
import dev.tdb.admin.http.Endpoint;
import dev.tdb.admin.http.Failure;
import dev.tdb.admin.http.Field;
import dev.tdb.admin.http.Reply;
import dev.tdb.admin.http.Request;
import dev.tdb.admin.http.Shape;
import dev.tdb.control.blueprint.Blueprint;
import dev.tdb.control.blueprint.BlueprintSettings;
import dev.tdb.control.blueprint.BlueprintVersion;
import dev.tdb.control.blueprint.Blueprints;
import dev.tdb.control.blueprint.VersionRemoval;
import dev.tdb.proxy.credential.ProjectId;
import dev.tdb.proxy.route.Engine;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;

/** {@code /blueprints}: what tenant databases are made from. */
public final class BlueprintEndpoints {
    private static final Shape SETTINGS = Shape.ObjectOf.of(Field.optional(
            "patience",
            new Shape.Span(),
            "how long each query of a suspended tenant waits, up to 1h; 0 refuses at once"));

    private final Reach reach;
    private final Blueprints blueprints;
    private final VersionRemoval removal;

    public BlueprintEndpoints(Reach reach, Blueprints blueprints, VersionRemoval removal) {
        this.reach = reach;
        this.blueprints = blueprints;
        this.removal = removal;
    }

    record Shown(
            String name,
            String databaseType,
            ShownSettings settings,
            int currentVersion,
            int tenantCount,
            Instant createdAt) {
        static Shown of(Blueprint blueprint) {
            return new Shown(
                    blueprint.name(),
                    blueprint.engine().title(),
                    new ShownSettings(blueprint.settings().patience().toMillis()),
                    blueprint.currentVersion(),
                    blueprint.tenantCount(),
                    blueprint.createdAt());
        }
    }

    record ShownSettings(long patienceMs) {}

    record ShownVersion(int version, int statementCount, List<String> statements, Instant createdAt) {
        static ShownVersion of(BlueprintVersion version) {
            return new ShownVersion(
                    version.version(), version.statements().size(), version.statements(), version.createdAt());
        }
    }

    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.get("/blueprints", Access.READ, "List blueprints", this::list)
                        .paged(),
                Endpoint.post("/blueprints", Access.ADMIN, "Create a blueprint", this::create)
                        .body(
                                Field.required(
                                        "name", Shape.text(64), "lower-case letters, digits, single underscores"),
                                Field.required("database_type", Shape.text(20), "PostgreSQL, MySQL, MongoDB or Redis"),
                                Field.optional(
                                        "settings",
                                        SETTINGS,
                                        "patience: how long each query of a suspended tenant waits, up to 1h, 30s if"
                                                + " not given")),
                Endpoint.get("/blueprints/{name}", Access.READ, "Show a blueprint", this::show),
                Endpoint.patch("/blueprints/{name}", Access.ADMIN, "Change a blueprint's settings", this::change)
                        .body(Field.required("settings", SETTINGS, "patience, for suspensions from now on")),
                Endpoint.delete("/blueprints/{name}", Access.ADMIN, "Remove a blueprint no tenant uses", this::delete),
                Endpoint.get("/blueprints/{name}/versions", Access.READ, "List versions, oldest first", this::versions)
                        .paged(),
                Endpoint.get("/blueprints/{name}/versions/{version}", Access.READ, "Show a version", this::version),
                Endpoint.post(
                                "/blueprints/{name}/versions",
                                Access.ADMIN,
                                "Add a version; it is applied as one transaction",
                                this::add)
                        .body(Field.required(
                                "statements",
                                new Shape.ListOf(new Shape.Text(200_000, true), 1000),
                                "run in this order, all in one transaction")),
                Endpoint.delete(
                        "/blueprints/{name}/versions/{version}",
                        Access.ADMIN,
                        "Take the newest version back, which no tenant has",
                        this::takeBack));
    }

    private Reply list(Request request) {
        ProjectId project = reach.project(request);
        Predicate<String> visible = reach.visibleBlueprints(request, project);
        List<Shown> all = blueprints.list(project).stream()
                .filter(blueprint -> visible.test(blueprint.name()))
                .map(Shown::of)
                .toList();
        return Reply.ok().withPage("blueprints", all, request.page());
    }

    private Reply create(Request request) {
        ProjectId project = project(request);
        Engine engine;
        try {
            engine = Engine.parse(request.body().text("database_type"));
        } catch (IllegalArgumentException _) {
            throw Failure.badRequest("field 'database_type', expected PostgreSQL, MySQL, MongoDB or Redis");
        }
        BlueprintSettings settings = settings(request, BlueprintSettings.standard());
        Blueprint made = blueprints.create(project, request.body().text("name"), engine, settings);
        return Reply.created().with("blueprint", Shown.of(made));
    }

    /** What is not given stays as it was. */
    private static BlueprintSettings settings(Request request, BlueprintSettings before) {
        return request.body()
                .objectIfAny("settings")
                .flatMap(settings -> settings.spanIfAny("patience"))
                .map(BlueprintSettings::new)
                .orElse(before);
    }

    private Reply change(Request request) {
        ProjectId project = project(request);
        String name = request.path("name");
        BlueprintSettings settings =
                settings(request, blueprints.get(project, name).settings());
        return Reply.ok().with("blueprint", Shown.of(blueprints.change(project, name, settings)));
    }

    private ProjectId project(Request request) {
        reach.requireProject(request);
        return reach.project(request);
    }

    private Reply show(Request request) {
        return Reply.ok().with("blueprint", Shown.of(visible(request)));
    }

    /** The blueprint that the path names, when the caller's key reaches it. */
    private Blueprint visible(Request request) {
        ProjectId project = reach.project(request);
        Blueprint blueprint = blueprints.get(project, request.path("name"));
        if (!reach.visibleBlueprints(request, project).test(blueprint.name())) {
            throw Failure.of(Code.SCOPE_DENIED, "the key does not cover blueprint " + blueprint.name());
        }
        return blueprint;
    }

    private Reply delete(Request request) {
        String name = request.path("name");
        blueprints.delete(project(request), name);
        return Reply.ok().with("name", name).with("message", "Blueprint '" + name + "' is removed");
    }

    private Reply versions(Request request) {
        Blueprint blueprint = visible(request);
        List<ShownVersion> all = blueprints.versions(blueprint.project(), blueprint.name()).stream()
                .map(ShownVersion::of)
                .toList();
        return Reply.ok().with("name", blueprint.name()).withPage("versions", all, request.page());
    }

    private Reply version(Request request) {
        Blueprint blueprint = visible(request);
        int number = versionNumber(request);
        return blueprints.versions(blueprint.project(), blueprint.name()).stream()
                .filter(version -> version.version() == number)
                .findFirst()
                .map(version -> Reply.ok().with("name", blueprint.name()).with("version", ShownVersion.of(version)))
                .orElseThrow(() -> noVersion(request));
    }

    private static int versionNumber(Request request) {
        if (!request.path("version").matches("[0-9]{1,6}")) {
            throw noVersion(request);
        }
        return Integer.parseInt(request.path("version"));
    }

    private static Failure noVersion(Request request) {
        return Failure.notFound("Version not found: "
                + dev.tdb.admin.http.Shown.of(request.path("name") + " " + request.path("version")));
    }

    private Reply takeBack(Request request) {
        String name = request.path("name");
        int version = versionNumber(request);
        removal.remove(project(request), name, version);
        return Reply.ok()
                .with("name", name)
                .with("version", version)
                .with("message", "Version " + version + " of blueprint '" + name + "' is taken back");
    }

    private Reply add(Request request) {
        String name = request.path("name");
        BlueprintVersion made =
                blueprints.addVersion(project(request), name, request.body().texts("statements"));
        return Reply.created().with("name", name).with("version", ShownVersion.of(made));
    }
}
