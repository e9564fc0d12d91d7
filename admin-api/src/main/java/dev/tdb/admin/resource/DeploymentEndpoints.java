package dev.tdb.admin.resource;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.tdb.admin.http.Access;
import dev.tdb.admin.http.Endpoint;
import dev.tdb.admin.http.Failure;
import dev.tdb.admin.http.Field;
import dev.tdb.admin.http.Page;
import dev.tdb.admin.http.Reply;
import dev.tdb.admin.http.Request;
import dev.tdb.admin.http.Shape;
import dev.tdb.admin.http.Spans;
import dev.tdb.control.deployment.AppliedDeployment;
import dev.tdb.control.deployment.Deployment;
import dev.tdb.control.deployment.DeploymentResult;
import dev.tdb.control.deployment.Deployments;
import dev.tdb.control.deployment.NewDeployment;
import dev.tdb.control.tenant.Tenant;
import dev.tdb.proxy.credential.ProjectId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;

/** {@code /deployments}: versions on their way to tenants. */
public final class DeploymentEndpoints {
    private static final int RESULTS_DEFAULT = 1000;

    private final Reach reach;
    private final Deployments deployments;

    public DeploymentEndpoints(Reach reach, Deployments deployments) {
        this.reach = reach;
        this.deployments = deployments;
    }

    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    record Shown(
            String id,
            String blueprintName,
            int version,
            String status,
            int tenantsTotal,
            int tenantsCompleted,
            int tenantsFailed,
            int tenantsCancelled,
            String operationId,
            Instant createdAt,
            Optional<Instant> endedAt) {
        static Shown of(Deployment deployment) {
            return new Shown(
                    deployment.id(),
                    deployment.blueprint(),
                    deployment.version(),
                    deployment.status().word(),
                    deployment.tenants(),
                    deployment.completed(),
                    deployment.failed(),
                    deployment.cancelled(),
                    deployment.operationId(),
                    deployment.createdAt(),
                    deployment.endedAt());
        }
    }

    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    record ShownResult(
            String tenantId,
            String status,
            int fromVersion,
            String error,
            Optional<String> duration,
            Optional<Double> durationMs,
            String operationId,
            Optional<Instant> startedAt,
            Optional<Instant> endedAt) {
        static ShownResult of(DeploymentResult result) {
            return new ShownResult(
                    result.tenant(),
                    result.status().word(),
                    result.fromVersion(),
                    result.detail(),
                    result.duration().map(duration -> duration.toMillis() + "ms"),
                    result.duration().map(Spans::millis),
                    result.operationId(),
                    result.startedAt(),
                    result.endedAt());
        }
    }

    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    record ShownApplied(
            String id,
            String blueprintName,
            int version,
            int fromVersion,
            String status,
            String error,
            Optional<String> duration,
            Optional<Double> durationMs,
            String operationId,
            Instant createdAt,
            Optional<Instant> endedAt) {
        static ShownApplied of(AppliedDeployment applied) {
            ShownResult result = ShownResult.of(applied.result());
            return new ShownApplied(
                    applied.deployment().id(),
                    applied.deployment().blueprint(),
                    applied.deployment().version(),
                    result.fromVersion(),
                    result.status(),
                    result.error(),
                    result.duration(),
                    result.durationMs(),
                    result.operationId(),
                    applied.deployment().createdAt(),
                    result.endedAt());
        }
    }

    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.get("/deployments", Access.READ, "List deployments, newest first", this::list)
                        .paged(),
                Endpoint.post(
                                "/deployments",
                                Access.ADMIN,
                                "Apply a version to tenants; answers at once and goes on by itself",
                                this::create)
                        .body(
                                Field.required("blueprint_name", Shape.text(64), "whose version"),
                                Field.optional("version", new Shape.Whole(1, 1_000_000), "the newest if not given"),
                                Field.optional("tenants", new Shape.ListOf(Shape.text(64), 10_000), "to which"),
                                Field.optional("all", new Shape.Flag(), "to all tenants of the blueprint"),
                                Field.optional("deploy_all", new Shape.Flag(), "the same as all")),
                Endpoint.get("/deployments/{id}", Access.READ, "Show a deployment, tenant by tenant", this::show)
                        .paged(RESULTS_DEFAULT),
                Endpoint.get(
                                "/tenants/{id}/deployments",
                                Access.READ,
                                "List what deployments did at a tenant, newest first",
                                this::ofTenant)
                        .paged(RESULTS_DEFAULT));
    }

    private Reply list(Request request) {
        reach.requireProject(request);
        Page page = request.page();
        List<Shown> found = deployments.list(reach.project(request), page.limit() + 1, page.offset()).stream()
                .map(Shown::of)
                .toList();
        return Reply.ok().withPeekedPage("deployments", found, page);
    }

    private Reply create(Request request) {
        reach.requireProject(request);
        ProjectId project = reach.project(request);
        boolean all = request.body().flag("all") || request.body().flag("deploy_all");
        List<String> tenants = request.body().texts("tenants");
        if (all == !tenants.isEmpty()) {
            throw Failure.badRequest("say either tenants, a list of them, or all: true");
        }
        OptionalInt version =
                request.body().wholeIfAny("version").map(OptionalInt::of).orElse(OptionalInt.empty());
        Deployment begun =
                deployments.create(project, new NewDeployment(request.body().text("blueprint_name"), version, tenants));
        return shown(Reply.created(), begun)
                .with(
                        "message",
                        "Version " + begun.version() + " of '" + begun.blueprint() + "' is on its way to "
                                + begun.tenants() + " tenants: see GET /deployments/" + begun.id());
    }

    private static Reply shown(Reply reply, Deployment deployment) {
        Shown shown = Shown.of(deployment);
        Reply all = reply.with("id", shown.id())
                .with("blueprint_name", shown.blueprintName())
                .with("version", shown.version())
                .with("status", shown.status())
                .with("tenants_total", shown.tenantsTotal())
                .with("tenants_completed", shown.tenantsCompleted())
                .with("tenants_failed", shown.tenantsFailed())
                .with("tenants_cancelled", shown.tenantsCancelled())
                .with("operation_id", shown.operationId())
                .with("created_at", shown.createdAt());
        return shown.endedAt().map(at -> all.with("ended_at", at)).orElse(all);
    }

    private Reply show(Request request) {
        reach.requireProject(request);
        Page page = request.page(RESULTS_DEFAULT);
        Deployment deployment = deployments.get(reach.project(request), request.path("id"));
        List<ShownResult> results = deployments.results(deployment, page.limit() + 1, page.offset()).stream()
                .map(ShownResult::of)
                .toList();
        return shown(Reply.ok(), deployment).withPeekedPage("results", results, page);
    }

    private Reply ofTenant(Request request) {
        ProjectId project = reach.project(request);
        Tenant tenant = reach.visibleTenant(request, project);
        Predicate<String> visible = reach.visibleBlueprints(request, project);
        // Of one tenant there are few: at most one for each version.
        List<ShownApplied> found = deployments.ofTenant(project, tenant.id(), Integer.MAX_VALUE, 0).stream()
                .filter(applied -> visible.test(applied.deployment().blueprint()))
                .map(ShownApplied::of)
                .toList();
        return Reply.ok().with("tenant_id", tenant.id()).withPage("deployments", found, request.page(RESULTS_DEFAULT));
    }
}
