package dev.tdb.app.cli;

import dev.tdb.app.cli.Output.Column;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** {@code tdb routes}: which server holds a tenant database. */
@Command(
        name = "routes",
        description = "Which server holds a tenant database, and how to lead it to another one.",
        subcommands = {
            RouteCommands.ListRoutes.class,
            RouteCommands.Get.class,
            RouteCommands.Flip.class,
            RouteCommands.Suspend.class,
            RouteCommands.Resume.class
        })
public final class RouteCommands {
    @Mixin
    HelpOption help = new HelpOption();

    private static final Column[] COLUMNS = {
        Column.of("DATABASE", "database"),
        Column.of("TYPE", "database_type"),
        Column.of("HOST", "host_id"),
        new Column("ADDRESS", RouteCommands::address),
        Column.of("EPOCH", "epoch"),
        Column.of("STATE", "state"),
        Column.of("CHANGED", "changed_at")
    };

    /** {@code host:port} of whatever has both. */
    static String address(JsonNode place) {
        String host = place.path("host").asString("");
        return (host.contains(":") ? "[" + host + "]" : host) + ":"
                + place.path("port").asString("");
    }

    @Command(name = "list", description = "List routes.")
    static final class ListRoutes extends ClientCommand {
        @Mixin
        PageOptions page = new PageOptions();

        @Override
        void run(Api api, Output out) {
            JsonNode reply = api.get("/routes?limit=" + page.limit + "&offset=" + page.offset);
            out.reply(reply);
            out.table(reply.path("routes"), "there are no routes: create a tenant first", COLUMNS);
            out.more(reply);
        }
    }

    @Command(name = "get", description = "Show a route.")
    static final class Get extends ClientCommand {
        @Parameters(paramLabel = "DATABASE", description = "Such as shop__acme.")
        String database = "";

        @Override
        void run(Api api, Output out) {
            JsonNode reply = api.get("/routes/" + Api.segment(database));
            out.reply(reply);
            JsonNode route = reply.path("route");
            out.table(JsonNodeFactory.instance.arrayNode().add(route), "", COLUMNS);
        }
    }

    @Command(name = "flip", description = "Lead a route to another server while clients are connected.")
    static final class Flip extends ClientCommand {
        @Parameters(paramLabel = "DATABASE", description = "Such as shop__acme.")
        String database = "";

        @Option(names = "--to", paramLabel = "HOST:PORT", description = "The server's address.")
        String to = "";

        @Option(names = "--host-id", paramLabel = "ID", description = "A registered host, instead of --to.")
        String hostId = "";

        @Option(
                names = "--drain-timeout",
                paramLabel = "TIME",
                description = "How long transactions may still run: 100ms to 10m, 10s if not given.")
        String drainTimeout = "";

        @Option(
                names = "--on-deadline",
                paramLabel = "abort|kill",
                completionCandidates = Words.Deadlines.class,
                description = "What becomes of it then: give up (abort, the default), or end what still runs (kill).")
        String onDeadline = "";

        @Option(names = "--dry-run", description = "Only tell what would happen.")
        boolean dryRun;

        @Option(names = "--force", description = "Go on although the old server cannot be reached, and so not fenced.")
        boolean force;

        @Override
        void run(Api api, Output out) {
            if (to.isEmpty() == hostId.isEmpty()) {
                throw CliFailure.usage("name the server with --to HOST:PORT, or with --host-id ID");
            }
            Map<String, Object> body = new LinkedHashMap<>();
            if (to.isEmpty()) {
                body.put("host_id", hostId);
            } else {
                HostPort at = HostPort.parse(to);
                body.put("host", at.host());
                body.put("port", at.port());
            }
            if (!drainTimeout.isEmpty()) {
                body.put("drain_timeout", drainTimeout);
            }
            if (!onDeadline.isEmpty()) {
                body.put("on_deadline", onDeadline);
            }
            body.put("dry_run", dryRun);
            body.put("force", force);
            JsonNode reply = api.call("PUT", "/routes/" + Api.segment(database), body);
            out.reply(reply);
            report(reply, out);
        }

        private static void report(JsonNode reply, Output out) {
            boolean dry = reply.path("dry_run").asBoolean(false);
            boolean same = reply.path("same_server").asBoolean(false);
            out.line(reply.path("database").asString("") + (dry ? " would move " : " moved ")
                    + address(reply.path("from")) + " → " + address(reply.path("to")) + ", epoch "
                    + reply.path("epoch").asString("") + (same ? " (one server by two addresses)" : ""));
            if (!dry) {
                out.line("  on hold    " + millis(reply.path("hold_ms")));
            }
            out.line(String.format(
                    Locale.ROOT,
                    "  sessions   %s: %s waited, %s drained, %s moved, %s stayed, %s closed",
                    text(reply, "sessions"),
                    text(reply, "held"),
                    text(reply, "drained"),
                    text(reply, "moved"),
                    text(reply, "stayed"),
                    text(reply, "closed")));
            reply.path("closed_by_reason")
                    .propertyStream()
                    .forEach(reason -> out.line((dry ? "  would close " : "  closed     ")
                            + reason.getValue().asString("") + ": " + reason.getKey()));
            if (!reply.path("steps").isEmpty()) {
                out.line("  steps      "
                        + reply.path("steps")
                                .valueStream()
                                .map(step -> step.path("step").asString("") + " " + millis(step.path("ms")))
                                .collect(Collectors.joining(", ")));
            }
            reply.path("warnings").forEach(warning -> out.line("  warning    " + warning.asString("")));
            if (reply.has("operation_id")) {
                out.line("  operation  " + text(reply, "operation_id"));
            }
        }

        private static String text(JsonNode reply, String field) {
            return reply.path(field).asString("0");
        }

        private static String millis(JsonNode value) {
            return String.format(Locale.ROOT, "%.1f ms", value.asDouble(0));
        }
    }

    @Command(name = "suspend", description = "Hold a route's queries.")
    static final class Suspend extends ClientCommand {
        @Parameters(paramLabel = "DATABASE", description = "Such as shop__acme.")
        String database = "";

        @Mixin
        SuspendOptions terms = new SuspendOptions();

        @Override
        void run(Api api, Output out) {
            JsonNode reply = api.call("POST", "/routes/" + Api.segment(database) + "/suspend", terms.body());
            out.reply(reply);
            SuspendOptions.report(reply, out);
            out.line("  let it go on: tdb routes resume " + database);
        }
    }

    @Command(name = "resume", description = "Let a route's queries go on.")
    static final class Resume extends ClientCommand {
        @Parameters(paramLabel = "DATABASE", description = "Such as shop__acme.")
        String database = "";

        @Override
        void run(Api api, Output out) {
            JsonNode reply = api.call("POST", "/routes/" + Api.segment(database) + "/resume", Map.of());
            out.reply(reply);
            SuspendOptions.report(reply, out);
        }
    }
}
