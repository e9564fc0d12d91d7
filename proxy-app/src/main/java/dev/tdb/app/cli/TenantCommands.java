package dev.tdb.app.cli;

import dev.tdb.app.cli.Output.Column;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code tdb tenants}: customers' databases. */
@Command(
        name = "tenants",
        description = "Customers' databases.",
        mixinStandardHelpOptions = true,
        subcommands = {
            TenantCommands.ListTenants.class,
            TenantCommands.Get.class,
            TenantCommands.Create.class,
            TenantCommands.Suspend.class,
            TenantCommands.Resume.class,
            TenantCommands.Logs.class
        })
public final class TenantCommands {
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
            JsonNode reply = api.get("/tenants/" + Api.segment(tenant));
            out.reply(reply);
            String detail = reply.path("status_detail").asString("");
            out.line(reply.path("tenant_id").asString("") + " is "
                    + reply.path("status").asString("") + (detail.isEmpty() ? "" : ": " + detail));
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
    }

    @Command(name = "create", description = "Create a tenant; its password is printed this once.")
    static final class Create extends ClientCommand {
        @Parameters(paramLabel = "TENANT", description = "Lower-case letters, digits, single underscores.")
        String tenant = "";

        @Option(
                names = "--blueprint",
                required = true,
                paramLabel = "NAME",
                description = "May be given several times.")
        List<String> blueprints = List.of();

        @Option(names = "--isolation", paramLabel = "LEVEL", description = "1 (shared) or 2 (dedicated).")
        String isolation = "1";

        @Option(names = "--region", paramLabel = "REGION", description = "For dedicated tenants.")
        String region = "";

        @Override
        void run(Api api, Output out) {
            List<Map<String, Object>> databases =
                    blueprints.stream().map(this::database).toList();
            JsonNode reply = api.call("POST", "/tenants", Map.of("tenant_id", tenant, "databases", databases));
            out.reply(reply);
            out.line("tenant " + reply.path("tenant_id").asString("") + " is "
                    + reply.path("status").asString(""));
            reply.path("databases")
                    .forEach(database -> out.line(
                            "  " + database.at("/connection/connection_string").asString("")));
        }

        private Map<String, Object> database(String blueprint) {
            Map<String, Object> database = new LinkedHashMap<>();
            database.put("blueprint", blueprint);
            database.put("isolation_level", isolation);
            if (!region.isEmpty()) {
                database.put("region", region);
            }
            return database;
        }
    }

    @Command(name = "suspend", description = "Hold a tenant's queries.")
    static final class Suspend extends ClientCommand {
        @Parameters(paramLabel = "TENANT", description = "Such as acme.")
        String tenant = "";

        @Mixin
        SuspendOptions terms = new SuspendOptions();

        @Override
        void run(Api api, Output out) {
            JsonNode reply = api.call("POST", "/tenants/" + Api.segment(tenant) + "/suspend", terms.body());
            out.reply(reply);
            SuspendOptions.report(reply, out);
        }
    }

    @Command(name = "resume", description = "Let a tenant's queries go on.")
    static final class Resume extends ClientCommand {
        @Parameters(paramLabel = "TENANT", description = "Such as acme.")
        String tenant = "";

        @Override
        void run(Api api, Output out) {
            JsonNode reply = api.call("POST", "/tenants/" + Api.segment(tenant) + "/resume", Map.of());
            out.reply(reply);
            SuspendOptions.report(reply, out);
        }
    }

    @Command(name = "logs", description = "Show a tenant's queries, newest first.")
    static final class Logs extends ClientCommand {
        @Parameters(paramLabel = "TENANT", description = "Such as acme.")
        String tenant = "";

        @Option(names = "--type", paramLabel = "error|slow", description = "Only failed, only slow ones.")
        String type = "";

        @Option(names = "--search", paramLabel = "TEXT", description = "A part of the query, in any case.")
        String search = "";

        @Option(names = "--since", paramLabel = "TIME", description = "Such as 1h, 24h, 7d, or a time.")
        String since = "";

        @Option(names = "--source", paramLabel = "proxy|api", description = "Where they came in.")
        String source = "";

        @Option(names = "--limit", paramLabel = "N", description = "How many to show (default: ${DEFAULT-VALUE}).")
        int limit = 50;

        @Option(names = "--offset", paramLabel = "N", description = "How many to skip.")
        int offset;

        @Override
        void run(Api api, Output out) {
            Map<String, String> query = new LinkedHashMap<>();
            query.put("type", type);
            query.put("search", search);
            query.put("since", since);
            query.put("source", source);
            query.put("limit", Integer.toString(limit));
            query.put("offset", Integer.toString(offset));
            JsonNode reply = api.get("/tenants/" + Api.segment(tenant) + "/logs" + Api.query(query));
            out.reply(reply);
            out.table(
                    reply.path("logs"),
                    "no queries",
                    Column.of("TIME", "created_at"),
                    new Column("MS", entry -> millis(entry.path("duration_ms"))),
                    new Column("HELD", entry -> millis(entry.path("held_ms"))),
                    Column.of("ROWS", "rows"),
                    Column.of("ERROR", "error_code"),
                    new Column("QUERY", entry -> oneLine(entry.path("query").asString(""))));
            out.more(reply);
        }

        private static String millis(JsonNode value) {
            return String.format(Locale.ROOT, "%.1f", value.asDouble(0));
        }

        private static String oneLine(String query) {
            String line =
                    query.replaceAll("\\s+", " ").replaceAll("\\p{Cntrl}", "?").strip();
            return line.length() > 120 ? line.substring(0, 119) + "…" : line;
        }
    }
}
