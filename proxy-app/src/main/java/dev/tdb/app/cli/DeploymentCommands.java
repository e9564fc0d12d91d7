package dev.tdb.app.cli;

import dev.tdb.app.cli.Output.Column;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code tdb deployments}: versions on their way to tenants. */
@Command(
        name = "deployments",
        description = "Versions of blueprints on their way to tenants.",
        subcommands = {
            DeploymentCommands.ListDeployments.class,
            DeploymentCommands.Get.class,
            DeploymentCommands.Create.class,
            DeploymentCommands.Cancel.class
        })
public final class DeploymentCommands {
    @Mixin
    HelpOption help = new HelpOption();

    private static final String IN_PROGRESS = "in_progress";
    private static final String COMPLETED = "completed";

    @Command(name = "list", description = "List deployments, newest first.")
    static final class ListDeployments extends ClientCommand {
        @Mixin
        PageOptions page = new PageOptions();

        @Override
        void run(Api api, Output out) {
            JsonNode reply = api.get("/deployments" + page.query());
            out.reply(reply);
            out.table(
                    reply.path("deployments"),
                    "nothing was deployed yet: see tdb deployments create --help",
                    Column.of("ID", "id"),
                    Column.of("BLUEPRINT", "blueprint_name"),
                    Column.of("VERSION", "version"),
                    Column.of("STATUS", "status"),
                    new Column("TENANTS", item -> counts(item, "")),
                    Column.of("CREATED", "created_at"));
            out.more(reply);
        }
    }

    @Command(name = "get", aliases = "status", description = "Show a deployment, tenant by tenant.")
    static final class Get extends ClientCommand {
        @Parameters(paramLabel = "ID", description = "As tdb deployments list shows it.")
        String id = "";

        @Mixin
        PageOptions page = new PageOptions();

        @Mixin
        Watch watch = new Watch();

        @Override
        void run(Api api, Output out) {
            show(api, out, watch, id, page.query());
        }
    }

    @Command(name = "create", description = "Apply a version of a blueprint to tenants.")
    static final class Create extends ClientCommand {
        @Option(names = "--blueprint", required = true, paramLabel = "NAME", description = "Whose version.")
        String blueprint = "";

        @Option(
                names = {"--version", "--to"},
                paramLabel = "VERSION",
                description = "The newest if not given.")
        @Nullable
        Integer version;

        @Option(names = "--tenant", paramLabel = "TENANT", description = "To this one; may be given several times.")
        List<String> tenants = List.of();

        @Option(names = "--all", description = "To all tenants of the blueprint.")
        boolean all;

        @Mixin
        Watch watch = new Watch();

        @Override
        void run(Api api, Output out) {
            if (all == !tenants.isEmpty()) {
                throw CliFailure.usage("say either --all or --tenant, once for each tenant");
            }
            Map<String, Object> body = new LinkedHashMap<>();
            body.put("blueprint_name", blueprint);
            if (version != null) {
                body.put("version", version);
            }
            if (all) {
                body.put("all", true);
            } else {
                body.put("tenants", tenants);
            }
            JsonNode begun = api.call("POST", "/deployments", body);
            String id = begun.path("id").asString("");
            if (watch.wanted) {
                show(api, out, watch, id, "");
            } else {
                out.reply(begun);
                out.line("deployment " + id + ": version "
                        + begun.path("version").asString("") + " goes to "
                        + begun.path("tenants_total").asString("") + " tenants");
                out.line("  see: tdb deployments get " + id + " --watch");
            }
        }
    }

    @Command(name = "cancel", description = "Go to no more tenants; those whose turn it is are finished.")
    static final class Cancel extends ClientCommand {
        @Parameters(paramLabel = "ID", description = "As tdb deployments list shows it.")
        String id = "";

        @Override
        void run(Api api, Output out) {
            String operation = api.get("/deployments/" + Api.segment(id) + "?limit=1")
                    .path("operation_id")
                    .asString("");
            out.answer(api.call("POST", "/operations/" + Api.segment(operation) + "/cancel", Map.of()));
        }
    }

    /** @param noun behind the first count */
    private static String counts(JsonNode deployment, String noun) {
        int failed = deployment.path("tenants_failed").asInt(0);
        int cancelled = deployment.path("tenants_cancelled").asInt(0);
        return deployment.path("tenants_completed").asString("0") + "/"
                + deployment.path("tenants_total").asString("0")
                + noun
                + (failed > 0 ? ", " + failed + " failed" : "")
                + (cancelled > 0 ? ", " + cancelled + " cancelled" : "");
    }

    private static void show(Api api, Output out, Watch watch, String id, String page) {
        String path = "/deployments/" + Api.segment(id) + page;
        JsonNode reply = watch.until(
                out,
                () -> api.get(path),
                now -> now.path("status").asString("").equals(IN_PROGRESS),
                now -> now.path("blueprint_name").asString("") + " version "
                        + now.path("version").asString("") + ": " + counts(now, " tenants"));
        out.reply(reply);
        String status = reply.path("status").asString("");
        out.line(reply.path("blueprint_name").asString("") + " version "
                + reply.path("version").asString("") + " is " + status + ": " + counts(reply, " tenants"));
        out.table(
                reply.path("results"),
                "it goes to no tenant",
                Column.of("TENANT", "tenant_id"),
                Column.of("STATUS", "status"),
                Column.of("FROM", "from_version"),
                Column.of("DURATION", "duration"),
                Column.of("ERROR", "error"));
        out.more(reply);
        if (watch.wanted && !status.equals(COMPLETED)) {
            throw CliFailure.refused("deployment " + id + " is " + status
                    + ": repair what the table says, then deploy again; tenants that have the version are passed over");
        }
    }
}
