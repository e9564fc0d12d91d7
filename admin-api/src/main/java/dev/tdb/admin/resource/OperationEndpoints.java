package dev.tdb.admin.resource;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.tdb.admin.http.Access;
import dev.tdb.admin.http.Endpoint;
import dev.tdb.admin.http.Field;
import dev.tdb.admin.http.Page;
import dev.tdb.admin.http.Reply;
import dev.tdb.admin.http.Request;
import dev.tdb.admin.http.Shape;
import dev.tdb.control.deployment.Deployment;
import dev.tdb.control.deployment.Deployments;
import dev.tdb.control.operation.Operation;
import dev.tdb.control.operation.Operations;
import dev.tdb.proxy.credential.ProjectId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** {@code /operations}: the journal of long actions. */
public final class OperationEndpoints {
    private final Reach reach;
    private final Operations operations;
    private final Deployments deployments;

    public OperationEndpoints(Reach reach, Operations operations, Deployments deployments) {
        this.reach = reach;
        this.operations = operations;
        this.deployments = deployments;
    }

    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    record Shown(
            String operationId,
            String type,
            String tenantId,
            String blueprint,
            String database,
            String state,
            int progress,
            List<ShownStep> steps,
            String error,
            Instant startedAt,
            Optional<Instant> endedAt) {
        static Shown of(Operation operation) {
            return new Shown(
                    operation.id(),
                    operation.type(),
                    operation.tenant(),
                    operation.blueprint(),
                    operation.database(),
                    operation.state().word(),
                    operation.progress(),
                    operation.steps().stream()
                            .map(step -> new ShownStep(step.name(), step.startedAt(), step.endedAt(), step.detail()))
                            .toList(),
                    operation.error(),
                    operation.startedAt(),
                    operation.endedAt());
        }
    }

    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    record ShownStep(String step, Instant startedAt, Optional<Instant> endedAt, String detail) {}

    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.get("/operations", Access.READ, "List operations, newest first", this::list)
                        .query(Field.optional("tenant_id", Shape.text(64), "only those of one tenant"))
                        .paged(),
                Endpoint.get("/operations/{id}", Access.READ, "Show an operation", this::show),
                Endpoint.post(
                        "/operations/{id}/cancel",
                        Access.ADMIN,
                        "Cancel a deployment: tenants whose turn it is are finished",
                        this::cancel));
    }

    private Reply list(Request request) {
        reach.requireProject(request);
        Page page = request.page();
        String tenant = request.query().textIfAny("tenant_id").orElse("");
        List<Shown> found = operations.list(reach.project(request), tenant, page.limit() + 1, page.offset()).stream()
                .map(Shown::of)
                .toList();
        return Reply.ok().withPeekedPage("operations", found, page);
    }

    private Reply cancel(Request request) {
        reach.requireProject(request);
        String id = request.path("id");
        Deployment cancelled = deployments.cancel(reach.project(request), id);
        return Reply.ok()
                .with("operation_id", id)
                .with("deployment_id", cancelled.id())
                .with("status", cancelled.status().word())
                .with("tenants_cancelled", cancelled.cancelled())
                .with(
                        "message",
                        "Deployment '" + cancelled.id()
                                + "' goes to no more tenants; those whose turn it is are finished");
    }

    /** Whoever may start an operation may see what becomes of it. */
    private Reply show(Request request) {
        ProjectId project = reach.project(request);
        Operation operation = operations.get(project, request.path("id"));
        if (operation.tenant().isEmpty()) {
            reach.requireProject(request);
        } else {
            reach.requireCover(request, project, operation.tenant(), operation.blueprint());
        }
        return Reply.ok().with("operation", Shown.of(operation));
    }
}
