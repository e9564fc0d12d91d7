package dev.tdb.admin.resource;

import dev.tdb.admin.http.Access;
import dev.tdb.admin.http.Endpoint;
import dev.tdb.admin.http.Field;
import dev.tdb.admin.http.Reply;
import dev.tdb.admin.http.Request;
import dev.tdb.admin.http.Shape;
import dev.tdb.control.project.CreatedProject;
import dev.tdb.control.project.Project;
import dev.tdb.control.project.Projects;
import dev.tdb.proxy.credential.ProjectId;
import java.time.Instant;
import java.util.List;

/** {@code /projects}: who owns blueprints, tenants and keys. */
public final class ProjectEndpoints {
    private final Projects projects;

    public ProjectEndpoints(Projects projects) {
        this.projects = projects;
    }

    record Shown(String projectId, String name, int apiKeyCount, Instant createdAt) {
        static Shown of(Project project) {
            return new Shown(project.id().value(), project.name(), project.apiKeyCount(), project.createdAt());
        }
    }

    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.get("/projects", Access.OPERATOR, "List projects", this::list)
                        .paged(),
                Endpoint.post(
                                "/projects",
                                Access.OPERATOR,
                                "Create a project; its key is in this reply only",
                                this::create)
                        .body(Field.required("name", Shape.text(100), "for people")),
                Endpoint.delete("/projects/{id}", Access.OPERATOR, "Remove a project without tenants", this::delete));
    }

    private Reply list(Request request) {
        return Reply.ok()
                .withPage("projects", projects.list().stream().map(Shown::of).toList(), request.page());
    }

    private Reply create(Request request) {
        CreatedProject created = projects.create(request.body().text("name"));
        return Reply.created()
                .with("project_id", created.project().id().value())
                .with("name", created.project().name())
                .with("api_key", created.apiKey().reveal())
                .with("message", "Project created. Keep the API key: it is not shown again.");
    }

    private Reply delete(Request request) {
        Project project = projects.list().stream()
                .filter(known -> known.id().value().equals(request.path("id")))
                .findFirst()
                .orElseThrow(() -> dev.tdb.admin.http.Failure.notFound(
                        "Project not found: " + dev.tdb.admin.http.Shown.of(request.path("id"))));
        ProjectId id = project.id();
        projects.delete(id);
        return Reply.ok().with("project_id", id.value()).with("message", "Project '" + project.name() + "' is removed");
    }
}
