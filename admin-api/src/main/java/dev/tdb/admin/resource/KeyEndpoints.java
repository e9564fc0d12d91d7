package dev.tdb.admin.resource;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.tdb.admin.http.Access;
import dev.tdb.admin.http.Endpoint;
import dev.tdb.admin.http.Failure;
import dev.tdb.admin.http.Field;
import dev.tdb.admin.http.Reply;
import dev.tdb.admin.http.Request;
import dev.tdb.admin.http.Shape;
import dev.tdb.admin.http.Values;
import dev.tdb.control.key.ApiKey;
import dev.tdb.control.key.CreatedKey;
import dev.tdb.control.key.KeyScope;
import dev.tdb.control.key.KeySpec;
import dev.tdb.control.key.Keys;
import dev.tdb.proxy.credential.ProjectId;
import dev.tdb.proxy.credential.Role;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** {@code /apikeys}: keys for HTTP, and the passwords that drivers log in with. */
public final class KeyEndpoints {
    private static final Duration OVERLAP_DEFAULT = Duration.ofHours(1);
    private static final Duration OVERLAP_MAX = Duration.ofDays(30);

    private final Reach reach;
    private final Keys keys;

    public KeyEndpoints(Reach reach, Keys keys) {
        this.reach = reach;
        this.keys = keys;
    }

    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record Shown(
            String id,
            String projectId,
            String name,
            String role,
            String scopeType,
            List<String> scopeValues,
            boolean proxy,
            Instant createdAt,
            Optional<Instant> lastUsedAt) {
        static Shown of(ApiKey key) {
            return new Shown(
                    key.id(),
                    key.project().value(),
                    key.name(),
                    key.role().word(),
                    key.scope().type().word(),
                    key.scope().values(),
                    key.proxy(),
                    key.createdAt(),
                    key.lastUsedAt());
        }
    }

    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.get("/apikeys", Access.ADMIN, "List keys, without their secrets", this::list)
                        .paged(),
                Endpoint.post(
                                "/apikeys",
                                Access.ADMIN,
                                "Create a key; its secrets are in this reply only",
                                this::create)
                        .body(
                                Field.required("name", Shape.text(100), "for people"),
                                Field.optional("role", Shape.Word.of("read", "write", "admin"), "write if not given"),
                                Field.optional(
                                        "scope_type",
                                        Shape.Word.of("project", "blueprint", "tenant"),
                                        "project if not given; drivers log in with the other two"),
                                Field.optional(
                                        "scope_values",
                                        new Shape.ListOf(Shape.text(64), 1000),
                                        "the blueprints or tenants it covers")),
                Endpoint.delete("/apikeys/{id}", Access.ADMIN, "Remove a key, and end its sessions", this::delete),
                Endpoint.post("/apikeys/{id}/rotate", Access.ADMIN, "New secrets; in this reply only", this::rotate)
                        .body(Field.optional(
                                "overlap",
                                new Shape.Span(),
                                "how long the old ones work, up to 30d; 1h if not given; then the sessions"
                                        + " they let in end")));
    }

    private ProjectId project(Request request) {
        reach.requireProject(request);
        return reach.project(request);
    }

    private Reply list(Request request) {
        return Reply.ok()
                .withPage(
                        "api_keys",
                        keys.list(project(request)).stream().map(Shown::of).toList(),
                        request.page());
    }

    private Reply create(Request request) {
        Values body = request.body();
        KeyScope scope = new KeyScope(
                body.textIfAny("scope_type").map(KeyScope.Type::parse).orElse(KeyScope.Type.PROJECT),
                body.texts("scope_values"));
        Role role = body.textIfAny("role").map(Role::parse).orElse(Role.WRITE);
        return secrets(Reply.created(), keys.create(project(request), new KeySpec(body.text("name"), role, scope)));
    }

    private static Reply secrets(Reply reply, CreatedKey created) {
        Reply shown = reply.with("api_key", Shown.of(created.apiKey()))
                .with("key", created.key().reveal());
        return created.proxyPassword()
                .map(password -> shown.with("proxy_password", password.reveal()))
                .orElse(shown);
    }

    private Reply delete(Request request) {
        ProjectId project = project(request);
        String id = request.path("id");
        keys.delete(project, id);
        return Reply.ok()
                .with("id", id)
                .with(
                        "message",
                        "Key '" + id + "' is removed, and sessions that it let in end after their unit of work");
    }

    private Reply rotate(Request request) {
        Duration overlap = request.body().spanIfAny("overlap").orElse(OVERLAP_DEFAULT);
        if (overlap.compareTo(OVERLAP_MAX) > 0) {
            throw Failure.badRequest("field 'overlap' is longer than " + OVERLAP_MAX.toDays() + "d");
        }
        ProjectId project = project(request);
        String id = request.path("id");
        return secrets(Reply.ok(), keys.rotate(project, id, overlap));
    }
}
