package dev.tdb.app.cli;

import dev.tdb.app.cli.Output.Column;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code tdb tenants}: customers' databases. */
@Command(
        name = "tenants",
        description = "Customers' databases.",
        subcommands = {
            TenantCommands.ListTenants.class,
            TenantCommands.Get.class,
            TenantCommands.Create.class,
            TenantCommands.AddDatabase.class,
            TenantCommands.Suspend.class,
            TenantCommands.Resume.class,
            TenantCommands.Delete.class,
            TenantCommands.Restore.class,
            TenantCommands.Retry.class,
            TenantCommands.Deployments.class,
            TenantCommands.Logs.class,
            TenantCommands.Stats.class,
            TenantCommands.Metrics.class
        })
public final class TenantCommands {
    @Mixin
    HelpOption help = new HelpOption();

    private static String databases(JsonNode tenant) {
        return tenant.path("databases")
                .valueStream()
                .map(database -> database.path("blueprint").asString("") + " ("
                        + database.path("database_type").asString("") + ")")
                .collect(Collectors.joining(", "));
    }

    @Command(name = "list", description = "List tenants.")
    static final class ListTenants extends ClientCommand {
        @Mixin
        PageOptions page = new PageOptions();

        @Override
        void run(Api api, Output out) {
            JsonNode reply = api.get("/tenants?limit=" + page.limit + "&offset=" + page.offset);
            out.reply(reply);
            out.table(
                    reply.path("tenants"),
                    "there are no tenants: make one with tdb tenants create",
                    Column.of("TENANT", "tenant_id"),
                    Column.of("STATUS", "status"),
                    new Column("DATABASES", TenantCommands::databases),
                    Column.of("CREATED", "created_at"));
            out.more(reply);
        }
    }

    @Command(name = "get", description = "Show a tenant.")
    static final class Get extends ClientCommand {
        @Parameters(paramLabel = "TENANT", description = "Such as acme.")
        String tenant = "";

        @Override
        void run(Api api, Output out) {
            JsonNode reply = api.get(path(tenant));
            out.reply(reply);
            String detail = reply.path("status_detail").asString("");
            out.line(reply.path("tenant_id").asString("") + " is "
                    + reply.path("status").asString("") + (detail.isEmpty() ? "" : ": " + detail));
            step(reply.path("status").asString("")).ifPresent(step -> out.line("  " + step + " " + tenant));
            out.table(
                    reply.path("databases"),
                    "it has no databases",
                    Column.of("BLUEPRINT", "blueprint"),
                    Column.of("TYPE", "database_type"),
                    Column.of("LEVEL", "isolation_level"),
                    Column.of("VERSION", "version"),
                    Column.of("STATUS", "status"),
                    Column.of("CONNECTION", "connection_string"));
        }

        /** What would help a tenant that does not serve; its name is to be added. */
        private static Optional<String> step(String status) {
            return switch (status) {
                case "suspended" -> Optional.of("let it go on: tdb tenants resume");
                case "deleted" -> Optional.of("take it back: tdb tenants restore");
                case "failed" -> Optional.of("go on with it: tdb tenants retry");
                default -> Optional.empty();
            };
        }
    }

    @Command(name = "create", description = "Create a tenant; its password is printed this once.")
    static final class Create extends ClientCommand {
        @Parameters(
                paramLabel = "TENANT",
                arity = "0..1",
                description = "Lower-case letters, digits, single underscores.")
        String parameter = "";

        @Option(names = "--name", paramLabel = "TENANT", description = "The same as TENANT.")
        String named = "";

        @Option(
                names = "--blueprint",
                required = true,
                paramLabel = "NAME",
                description = "What its database is made from; may be given several times.")
        List<String> blueprints = List.of();

        @Mixin
        DatabaseOptions wanted = new DatabaseOptions();

        @Override
        void run(Api api, Output out) {
            String tenant = Name.of(parameter, named, "how the tenant is called");
            List<Map<String, Object>> databases =
                    blueprints.stream().map(wanted::of).toList();
            Map<String, Object> body = new LinkedHashMap<>();
            body.put("tenant_id", tenant);
            body.put("databases", databases);
            JsonNode reply = api.call("POST", "/tenants", body);
            out.reply(reply);
            out.line("tenant " + reply.path("tenant_id").asString("") + " is "
                    + reply.path("status").asString("") + "; its password is not shown again:");
            printStrings(reply, out);
        }
    }

    /** How a database is kept apart. */
    static final class DatabaseOptions {
        @Option(
                names = "--isolation",
                paramLabel = "LEVEL",
                completionCandidates = Words.Levels.class,
                description = "1 (shared) or 2 (dedicated; default: ${DEFAULT-VALUE}).")
        String isolation = "1";

        @Option(names = "--region", paramLabel = "REGION", description = "For dedicated tenants.")
        String region = "";

        Map<String, Object> of(String blueprint) {
            Map<String, Object> database = new LinkedHashMap<>();
            database.put("blueprint", blueprint);
            database.put("isolation_level", isolation);
            if (!region.isEmpty()) {
                database.put("region", region);
            }
            return database;
        }
    }

    @Command(name = "add-database", description = "Add a database; the tenant's password reaches it too.")
    static final class AddDatabase extends ClientCommand {
        @Parameters(paramLabel = "TENANT", description = "Such as acme.")
        String tenant = "";

        @Option(names = "--blueprint", required = true, paramLabel = "NAME", description = "What it is made from.")
        String blueprint = "";

        @Mixin
        DatabaseOptions wanted = new DatabaseOptions();

        @Override
        void run(Api api, Output out) {
            out.answer(api.call("POST", path(tenant) + "/databases", wanted.of(blueprint)));
        }
    }

    private static String path(String tenant) {
        return "/tenants/" + Api.segment(tenant);
    }

    @Command(name = "delete", description = "Put a tenant in the trash, or remove it for good.")
    static final class Delete extends ClientCommand {
        @Parameters(paramLabel = "TENANT", description = "Such as acme.")
        String tenant = "";

        @Option(names = "--hard", description = "Remove its databases, logins and keys. Nothing brings them back.")
        boolean hard;

        @Override
        void run(Api api, Output out) {
            out.answer(api.call("DELETE", path(tenant) + (hard ? "?hard=true" : ""), Map.of()));
            if (!hard) {
                out.line("  take it back: tdb tenants restore " + tenant);
            }
        }
    }

    @Command(name = "restore", description = "Take a tenant out of the trash.")
    static final class Restore extends ClientCommand {
        @Parameters(paramLabel = "TENANT", description = "Such as acme.")
        String tenant = "";

        @Override
        void run(Api api, Output out) {
            out.answer(api.call("POST", path(tenant) + "/restore", Map.of()));
        }
    }

    @Command(name = "retry", description = "Go on with what has failed at a tenant last.")
    static final class Retry extends ClientCommand {
        @Parameters(paramLabel = "TENANT", description = "Such as acme.")
        String tenant = "";

        @Override
        void run(Api api, Output out) {
            JsonNode reply = api.call("POST", path(tenant) + "/retry", Map.of());
            out.answer(reply);
            printStrings(reply, out);
        }
    }

    private static void printStrings(JsonNode reply, Output out) {
        reply.path("databases")
                .forEach(database -> out.line(
                        "  " + database.at("/connection/connection_string").asString("")));
    }

    @Command(name = "deployments", description = "List what deployments did at a tenant, newest first.")
    static final class Deployments extends ClientCommand {
        @Parameters(paramLabel = "TENANT", description = "Such as acme.")
        String tenant = "";

        @Mixin
        PageOptions page = new PageOptions();

        @Override
        void run(Api api, Output out) {
            JsonNode reply = api.get(path(tenant) + "/deployments" + page.query());
            out.reply(reply);
            out.table(
                    reply.path("deployments"),
                    "nothing was deployed to it since it was made",
                    Column.of("ID", "id"),
                    Column.of("BLUEPRINT", "blueprint_name"),
                    Column.of("FROM", "from_version"),
                    Column.of("TO", "version"),
                    Column.of("STATUS", "status"),
                    Column.of("DURATION", "duration"),
                    Column.of("CREATED", "created_at"),
                    Column.of("ERROR", "error"));
            out.more(reply);
        }
    }

    @Command(name = "stats", description = "Sum a tenant's queries up.")
    static final class Stats extends ClientCommand {
        @Parameters(paramLabel = "TENANT", description = "Such as acme.")
        String tenant = "";

        @Option(
                names = "--since",
                paramLabel = "TIME",
                completionCandidates = Words.Spans.class,
                description = "Such as 1h, 24h, 7d, 30d, or a time.")
        String since = "";

        @Override
        void run(Api api, Output out) {
            JsonNode reply = api.get(path(tenant) + "/logs/stats" + Api.query(Map.of("since", since)));
            out.reply(reply);
            out.record(
                    reply,
                    Column.of("queries", "total_queries"),
                    Column.of("failed", "failed"),
                    Column.of("slow", "slow_queries"),
                    new Column("by proxy", stats -> stats.at("/by_source/proxy").asString("")),
                    new Column("by api", stats -> stats.at("/by_source/api").asString("")),
                    new Column("average", stats -> millis(stats.path("avg_duration_ms")) + " ms"),
                    new Column("p50", stats -> millis(stats.path("p50_duration_ms")) + " ms"),
                    new Column("p95", stats -> millis(stats.path("p95_duration_ms")) + " ms"),
                    new Column("p99", stats -> millis(stats.path("p99_duration_ms")) + " ms"),
                    new Column("longest", stats -> millis(stats.path("max_duration_ms")) + " ms"));
        }
    }

    @Command(name = "metrics", description = "Sums of the last hour, day and week.")
    static final class Metrics extends ClientCommand {
        @Parameters(paramLabel = "TENANT", description = "Such as acme.")
        String tenant = "";

        @Override
        void run(Api api, Output out) {
            JsonNode reply = api.get(path(tenant) + "/metrics");
            out.reply(reply);
            ArrayNode spans = JsonMapper.shared().createArrayNode();
            for (String span : List.of("hour", "day", "week")) {
                spans.addObject().put("span", span).setAll((ObjectNode) reply.at("/query_metrics/" + span));
            }
            out.table(
                    spans,
                    "",
                    Column.of("LAST", "span"),
                    Column.of("QUERIES", "queries"),
                    Column.of("FAILED", "failed_queries"),
                    Column.of("SLOW", "slow_queries"),
                    new Column("SUCCESS %", span -> millis(span.path("success_rate"))),
                    new Column("AVG MS", span -> millis(span.path("avg_latency_ms"))),
                    new Column("P50 MS", span -> millis(span.path("p50_latency_ms"))),
                    new Column("P95 MS", span -> millis(span.path("p95_latency_ms"))),
                    new Column("P99 MS", span -> millis(span.path("p99_latency_ms"))),
                    new Column("MAX MS", span -> millis(span.path("max_latency_ms"))));
        }
    }

    private static String millis(JsonNode value) {
        return String.format(Locale.ROOT, "%.1f", value.asDouble(0));
    }

    @Command(name = "suspend", description = "Hold a tenant's queries.")
    static final class Suspend extends ClientCommand {
        @Parameters(paramLabel = "TENANT", description = "Such as acme.")
        String tenant = "";

        @Mixin
        SuspendOptions terms = new SuspendOptions();

        @Override
        void run(Api api, Output out) {
            JsonNode reply = api.call("POST", path(tenant) + "/suspend", terms.body());
            out.reply(reply);
            SuspendOptions.report(reply, out);
            out.line("  let it go on: tdb tenants resume " + tenant);
        }
    }

    @Command(name = "resume", description = "Let a tenant's queries go on.")
    static final class Resume extends ClientCommand {
        @Parameters(paramLabel = "TENANT", description = "Such as acme.")
        String tenant = "";

        @Override
        void run(Api api, Output out) {
            JsonNode reply = api.call("POST", path(tenant) + "/resume", Map.of());
            out.reply(reply);
            SuspendOptions.report(reply, out);
        }
    }

    /** By two names: {@code tdb tenants logs} and {@code tdb logs}. */
    @Command(name = "logs", description = "Show a tenant's queries, newest first.")
    public static final class Logs extends ClientCommand {
        @Parameters(paramLabel = "TENANT", description = "Such as acme.")
        String tenant = "";

        @Option(
                names = "--type",
                paramLabel = "error|slow",
                completionCandidates = Words.LogTypes.class,
                description = "Only failed, only slow ones.")
        String type = "";

        @Option(names = "--search", paramLabel = "TEXT", description = "A part of the query, in any case.")
        String search = "";

        @Option(
                names = "--since",
                paramLabel = "TIME",
                completionCandidates = Words.Spans.class,
                description = "Such as 1h, 24h, 7d, 30d, or a time.")
        String since = "";

        @Option(
                names = "--source",
                paramLabel = "proxy|api",
                completionCandidates = Words.Sources.class,
                description = "Where they came in.")
        String source = "";

        @Option(names = "--limit", paramLabel = "N", description = "How many to show (default: ${DEFAULT-VALUE}).")
        int limit = 50;

        @Option(names = "--offset", paramLabel = "N", description = "How many to skip; not with --before.")
        int offset;

        @Option(
                names = "--before",
                paramLabel = "ID",
                description = "Only what is older than this entry: the next page, whatever has come since.")
        String before = "";

        @Override
        void run(Api api, Output out) {
            Map<String, String> query = new LinkedHashMap<>();
            query.put("type", type);
            query.put("search", search);
            query.put("since", since);
            query.put("source", source);
            query.put("limit", Integer.toString(limit));
            query.put("before", before);
            query.put("offset", before.isEmpty() || offset > 0 ? Integer.toString(offset) : "");
            JsonNode reply = api.get(path(tenant) + "/logs" + Api.query(query));
            out.reply(reply);
            out.table(
                    reply.path("logs"),
                    "no queries",
                    Column.of("TIME", "created_at"),
                    new Column("MS", entry -> millis(entry.path("duration_ms"))),
                    new Column("HELD", entry -> millis(entry.path("held_ms"))),
                    Column.of("ROWS", "rows"),
                    Column.of("ERROR", "error_code"),
                    new Column(
                            "QUERY",
                            entry -> Terminal.oneLine(entry.path("query").asString(""), 120)));
            JsonNode entries = reply.path("logs");
            if (reply.path("has_more").asBoolean(false)) {
                out.line("… and more: --before "
                        + entries.path(entries.size() - 1).path("id").asString("") + " shows what is older");
            }
        }
    }
}
