package dev.tdb.admin.resource;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.tdb.admin.http.Access;
import dev.tdb.admin.http.Endpoint;
import dev.tdb.admin.http.Failure;
import dev.tdb.admin.http.Field;
import dev.tdb.admin.http.Reply;
import dev.tdb.admin.http.Request;
import dev.tdb.admin.http.Shape;
import dev.tdb.admin.http.Spans;
import dev.tdb.control.engine.QueryResult;
import dev.tdb.control.query.AdminQuery;
import dev.tdb.control.query.Queries;
import dev.tdb.control.query.TenantAnswer;
import dev.tdb.proxy.credential.ProjectId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code /admin/query}: one statement on one tenant, or on all. */
public final class QueryEndpoints {
    private final Reach reach;
    private final Queries queries;

    public QueryEndpoints(Reach reach, Queries queries) {
        this.reach = reach;
        this.queries = queries;
    }

    /** One of many answers: with columns and rows, or with an error. */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record Shown(
            String tenantId,
            Optional<List<String>> columns,
            Optional<List<List<@Nullable Object>>> rows,
            Optional<Long> rowCount,
            Optional<Boolean> truncated,
            Optional<Double> executionTimeMs,
            Optional<String> error,
            Optional<String> errorCode) {
        static Shown of(TenantAnswer answer) {
            return switch (answer) {
                case TenantAnswer.Answered(String tenant, QueryResult result, Duration duration) ->
                    new Shown(
                            tenant,
                            Optional.of(result.columns()),
                            Optional.of(result.rows()),
                            Optional.of(result.rowCount()),
                            Optional.of(result.truncated()),
                            Optional.of(Spans.millis(duration)),
                            Optional.empty(),
                            Optional.empty());
                case TenantAnswer.Refused(String tenant, String code, String error) ->
                    new Shown(
                            tenant,
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.of(error),
                            Optional.of(code).filter(known -> !known.isEmpty()));
            };
        }
    }

    public List<Endpoint> endpoints() {
        return List.of(Endpoint.post("/admin/query", Access.ADMIN, "Run a query on one or all tenants", this::query)
                .body(
                        Field.required("blueprint", Shape.text(64), "which database"),
                        Field.required("query", new Shape.Text(200_000, true), "one statement, no DDL"),
                        Field.optional("tenant_id", Shape.text(64), "on one tenant"),
                        Field.optional("all_tenants", new Shape.Flag(), "on all tenants of the blueprint")));
    }

    private Reply query(Request request) {
        ProjectId project = reach.project(request);
        Optional<String> tenant = request.body().textIfAny("tenant_id");
        if (tenant.isPresent() == request.body().flag("all_tenants")) {
            throw Failure.badRequest("say either tenant_id or all_tenants: true");
        }
        AdminQuery query = new AdminQuery(
                request.body().text("blueprint"),
                request.body().text("query"),
                request.caller().keyId(),
                request.client());
        return tenant.isPresent() ? one(request, project, tenant.get(), query) : all(request, project, query);
    }

    private Reply one(Request request, ProjectId project, String tenant, AdminQuery query) {
        reach.requireDatabase(request, project, tenant, query.blueprint());
        TenantAnswer.Answered answered = queries.ask(project, tenant, query);
        QueryResult result = answered.result();
        return timed(
                Reply.ok()
                        .with("tenant_id", tenant)
                        .with("columns", result.columns())
                        .with("rows", result.rows())
                        .with("row_count", result.rowCount())
                        .with("truncated", result.truncated()),
                answered.duration());
    }

    private Reply all(Request request, ProjectId project, AdminQuery query) {
        reach.requireBlueprint(request, query.blueprint());
        long began = System.nanoTime();
        List<TenantAnswer> answers = queries.askAll(project, query);
        Duration duration = Duration.ofNanos(System.nanoTime() - began);
        long failed =
                answers.stream().filter(TenantAnswer.Refused.class::isInstance).count();
        return timed(
                Reply.ok()
                        .with("results", answers.stream().map(Shown::of).toList())
                        .with("total_tenants", answers.size())
                        .with("failed_tenants", failed),
                duration);
    }

    private static Reply timed(Reply reply, Duration duration) {
        return reply.with("execution_time", duration.toMillis() + "ms")
                .with("execution_time_ms", Spans.millis(duration));
    }
}
