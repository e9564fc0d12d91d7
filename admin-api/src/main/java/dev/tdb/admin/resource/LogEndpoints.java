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
import dev.tdb.admin.http.Values;
import dev.tdb.control.plane.SessionDirectory;
import dev.tdb.control.plane.SessionView;
import dev.tdb.control.querylog.LogEntry;
import dev.tdb.control.querylog.LogFilter;
import dev.tdb.control.querylog.LogPage;
import dev.tdb.control.querylog.LogStats;
import dev.tdb.control.querylog.QueryLog;
import dev.tdb.control.querylog.TenantMetrics;
import dev.tdb.control.tenant.Tenant;
import dev.tdb.control.tenant.TenantDatabase;
import dev.tdb.proxy.credential.ProjectId;
import dev.tdb.proxy.observe.QueryEvent;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** {@code /tenants/{id}/logs} and its sums: the queries of one tenant. */
public final class LogEndpoints {
    private static final Field SINCE =
            Field.optional("since", Shape.text(40), "1h, 24h, 7d, 30d, any other duration, or a time");

    private final Reach reach;
    private final QueryLog log;
    private final SessionDirectory sessions;
    private final InstantSource clock;

    public LogEndpoints(Reach reach, QueryLog log, SessionDirectory sessions, InstantSource clock) {
        this.reach = reach;
        this.log = log;
        this.sessions = sessions;
        this.clock = clock;
    }

    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record Shown(
            String id,
            String query,
            String source,
            boolean success,
            double durationMs,
            double heldMs,
            Instant createdAt,
            String blueprint,
            String databaseType,
            String errorCode,
            String error,
            Optional<Long> rows,
            String client,
            String user) {
        static Shown of(LogEntry entry) {
            return new Shown(
                    entry.id(),
                    entry.query(),
                    word(entry.source()),
                    entry.success(),
                    entry.durationMs(),
                    entry.heldMs(),
                    entry.createdAt(),
                    entry.blueprint(),
                    entry.engine().title(),
                    entry.errorCode(),
                    entry.error(),
                    entry.rows() < 0 ? Optional.empty() : Optional.of(entry.rows()),
                    entry.client(),
                    entry.user());
        }

        private static String word(QueryEvent.Source source) {
            return source.name().toLowerCase(Locale.ROOT);
        }
    }

    /** The queries of one span of time. */
    record Sums(
            long queries,
            long failedQueries,
            long slowQueries,
            long heldQueries,
            double successRate,
            double avgLatencyMs,
            double maxLatencyMs,
            double p50LatencyMs,
            double p95LatencyMs,
            double p99LatencyMs) {
        static Sums of(LogStats stats) {
            return new Sums(
                    stats.total(),
                    stats.failed(),
                    stats.slow(),
                    stats.held(),
                    stats.successRate(),
                    stats.averageMs(),
                    stats.maxMs(),
                    stats.p50Ms(),
                    stats.p95Ms(),
                    stats.p99Ms());
        }
    }

    /** How many queries there were, what is to be said of those of the last 24 hours, and all spans in full. */
    record QueryMetrics(
            long queriesThisHour,
            long queriesToday,
            long queriesThisWeek,
            double avgLatencyMs,
            double maxLatencyMs,
            double p50LatencyMs,
            double p95LatencyMs,
            double p99LatencyMs,
            double successRate,
            long failedQueries,
            long slowQueries,
            long heldQueries,
            Sums hour,
            Sums day,
            Sums week) {
        static QueryMetrics of(TenantMetrics metrics) {
            LogStats day = metrics.day();
            return new QueryMetrics(
                    metrics.hour().total(),
                    day.total(),
                    metrics.week().total(),
                    day.averageMs(),
                    day.maxMs(),
                    day.p50Ms(),
                    day.p95Ms(),
                    day.p99Ms(),
                    day.successRate(),
                    day.failed(),
                    day.slow(),
                    day.held(),
                    Sums.of(metrics.hour()),
                    Sums.of(day),
                    Sums.of(metrics.week()));
        }
    }

    /** What the tenant's databases are at now, all together and each. */
    record DatabaseMetrics(long connections, long connectionsHeld, String note, List<DatabaseConnections> databases) {}

    record DatabaseConnections(
            String blueprint, String databaseType, int isolationLevel, long connections, long connectionsHeld) {}

    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.get("/tenants/{id}/logs", Access.READ, "Show a tenant's queries, newest first", this::logs)
                        .query(
                                Field.optional("type", Shape.Word.of("error", "slow"), "only failed, only slow ones"),
                                Field.optional("search", Shape.text(1000), "a part of the query's text, in any case"),
                                Field.optional("source", Shape.Word.of("proxy", "api"), "where they came in"),
                                Field.optional(
                                        "before",
                                        Shape.text(40),
                                        "the id of the last entry of the page before; unlike an offset it does not"
                                                + " move when entries are added"),
                                SINCE)
                        .paged(LogFilter.LIMIT_DEFAULT),
                Endpoint.get("/tenants/{id}/logs/stats", Access.READ, "Sum a tenant's queries up", this::stats)
                        .query(SINCE),
                Endpoint.get(
                        "/tenants/{id}/metrics", Access.READ, "Sums of the last hour, day and week", this::metrics));
    }

    private Reply logs(Request request) {
        ProjectId project = reach.project(request);
        Tenant tenant = reach.tenant(request, project);
        Values query = request.query();
        Page page = request.page(LogFilter.LIMIT_DEFAULT);
        LogPage found = log.search(
                project,
                tenant.id(),
                new LogFilter(
                        page.limit(),
                        page.offset(),
                        query.textIfAny("type")
                                .map(word -> LogFilter.Type.valueOf(word.toUpperCase(Locale.ROOT)))
                                .orElse(null),
                        query.textIfAny("search").orElse(""),
                        query.textIfAny("source")
                                .map(word -> QueryEvent.Source.valueOf(word.toUpperCase(Locale.ROOT)))
                                .orElse(null),
                        since(query, tenant),
                        query.textIfAny("before").orElse(null)));
        List<Shown> entries = found.entries().stream().map(Shown::of).toList();
        return Reply.ok()
                .with("tenant_id", tenant.id())
                .with("logs", entries)
                .with("count", entries.size())
                .with("has_more", found.hasMore());
    }

    /** Not from before the tenant: what one of the same name did that is gone is none of its business. */
    private Instant since(Values query, Tenant tenant) {
        return query.textIfAny("since")
                .map(text -> Spans.parse(text)
                        .map(span -> clock.instant().minus(span))
                        .orElseGet(() -> moment(text)))
                .filter(asked -> asked.isAfter(tenant.createdAt()))
                .orElse(tenant.createdAt());
    }

    private static Instant moment(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException _) {
            throw Failure.badRequest("parameter 'since' is \"" + dev.tdb.admin.http.Shown.of(text)
                    + "\", expected a duration such as 24h or a time such as 2026-02-03T17:10:59Z");
        }
    }

    private Reply stats(Request request) {
        ProjectId project = reach.project(request);
        Tenant tenant = reach.tenant(request, project);
        LogStats stats = log.stats(project, tenant.id(), since(request.query(), tenant));
        return Reply.ok()
                .with("tenant_id", tenant.id())
                .with("total_queries", stats.total())
                .with("successful", stats.successful())
                .with("failed", stats.failed())
                .with("by_source", Map.of("proxy", stats.bySourceProxy(), "api", stats.bySourceApi()))
                .with("avg_duration_ms", stats.averageMs())
                .with("max_duration_ms", stats.maxMs())
                .with("p50_duration_ms", stats.p50Ms())
                .with("p95_duration_ms", stats.p95Ms())
                .with("p99_duration_ms", stats.p99Ms())
                .with("slow_queries", stats.slow())
                .with("held_queries", stats.held());
    }

    private Reply metrics(Request request) {
        ProjectId project = reach.project(request);
        Tenant tenant = reach.tenant(request, project);
        List<SessionView> connected = sessions.list();
        List<DatabaseConnections> databases = tenant.databases().stream()
                .map(database -> connections(project, database, connected))
                .toList();
        DatabaseConnections first = databases.getFirst();
        return Reply.ok()
                .with("tenant_id", tenant.id())
                .with("isolation_level", first.isolationLevel())
                .with("database_type", first.databaseType())
                .with("query_metrics", QueryMetrics.of(log.metrics(project, tenant.id(), tenant.createdAt())))
                .with(
                        "database_metrics",
                        new DatabaseMetrics(
                                databases.stream()
                                        .mapToLong(DatabaseConnections::connections)
                                        .sum(),
                                databases.stream()
                                        .mapToLong(DatabaseConnections::connectionsHeld)
                                        .sum(),
                                "Storage metrics are only available for L2 (dedicated) tenants",
                                databases));
    }

    private static DatabaseConnections connections(
            ProjectId project, TenantDatabase database, List<SessionView> connected) {
        List<SessionView> own = connected.stream()
                .filter(session -> session.project().equals(project.value())
                        && session.database().equals(database.name().toString())
                        && session.databaseType().equals(database.engine().title()))
                .toList();
        return new DatabaseConnections(
                database.blueprint(),
                database.engine().title(),
                database.isolationLevel(),
                own.size(),
                own.stream().filter(session -> session.state().equals("held")).count());
    }
}
