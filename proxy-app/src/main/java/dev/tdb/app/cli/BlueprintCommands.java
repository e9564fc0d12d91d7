package dev.tdb.app.cli;

import dev.tdb.app.cli.Output.Column;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code tdb blueprints}: what tenants' databases are made from. */
@Command(
        name = "blueprints",
        description = "What tenants' databases are made from.",
        subcommands = {
            BlueprintCommands.ListBlueprints.class,
            BlueprintCommands.Get.class,
            BlueprintCommands.Create.class,
            BlueprintCommands.Update.class,
            BlueprintCommands.Delete.class,
            BlueprintCommands.Versions.class
        })
public final class BlueprintCommands {
    @Mixin
    HelpOption help = new HelpOption();

    private static final Column[] COLUMNS = {
        Column.of("BLUEPRINT", "name"),
        Column.of("TYPE", "database_type"),
        Column.of("VERSION", "current_version"),
        Column.of("TENANTS", "tenant_count"),
        new Column("PATIENCE", BlueprintCommands::patience),
        Column.of("CREATED", "created_at")
    };

    private static String patience(JsonNode blueprint) {
        long millis = blueprint.at("/settings/patience_ms").asLong(0);
        return millis % 1000 == 0 ? millis / 1000 + "s" : millis + "ms";
    }

    @Command(name = "list", description = "List blueprints.")
    static final class ListBlueprints extends ClientCommand {
        @Mixin
        PageOptions page = new PageOptions();

        @Override
        void run(Api api, Output out) {
            JsonNode reply = api.get("/blueprints" + page.query());
            out.reply(reply);
            out.table(
                    reply.path("blueprints"), "there are no blueprints: make one with tdb blueprints create", COLUMNS);
            out.more(reply);
        }
    }

    @Command(name = "get", description = "Show a blueprint.")
    static final class Get extends ClientCommand {
        @Parameters(paramLabel = "NAME", description = "Such as shop.")
        String name = "";

        @Override
        void run(Api api, Output out) {
            JsonNode reply = api.get("/blueprints/" + Api.segment(name));
            out.reply(reply);
            out.record(reply.path("blueprint"), COLUMNS);
        }
    }

    @Command(name = "create", description = "Create a blueprint, without a version yet.")
    static final class Create extends ClientCommand {
        @Parameters(
                paramLabel = "NAME",
                arity = "0..1",
                description = "Lower-case letters, digits, single underscores.")
        String parameter = "";

        @Option(names = "--name", paramLabel = "NAME", description = "The same as NAME.")
        String named = "";

        @Option(
                names = {"--type", "--database"},
                paramLabel = "TYPE",
                completionCandidates = Words.Engines.class,
                description = "postgres, mysql, mongodb or redis (default: ${DEFAULT-VALUE}).")
        String type = "postgres";

        @Option(
                names = "--patience",
                paramLabel = "TIME",
                description = "How long queries of a suspended tenant wait, 30s if not given; 0s refuses at once.")
        String patience = "";

        @Override
        void run(Api api, Output out) {
            String name = Name.of(parameter, named, "how the blueprint is called");
            Map<String, Object> body = new LinkedHashMap<>();
            body.put("name", name);
            body.put("database_type", type);
            if (!patience.isEmpty()) {
                body.put("settings", Map.of("patience", patience));
            }
            JsonNode reply = api.call("POST", "/blueprints", body);
            out.reply(reply);
            out.line("blueprint " + name + " is made; give it its tables: tdb versions add " + name + " --file FILE");
        }
    }

    @Command(name = "update", description = "Change what a blueprint says about its tenants.")
    static final class Update extends ClientCommand {
        @Parameters(paramLabel = "NAME", description = "Such as shop.")
        String name = "";

        @Option(
                names = "--patience",
                paramLabel = "TIME",
                required = true,
                description = "How long queries of a suspended tenant wait; 0s refuses at once.")
        String patience = "";

        @Override
        void run(Api api, Output out) {
            JsonNode reply = api.call(
                    "PATCH", "/blueprints/" + Api.segment(name), Map.of("settings", Map.of("patience", patience)));
            out.reply(reply);
            out.record(reply.path("blueprint"), COLUMNS);
        }
    }

    @Command(name = "delete", description = "Remove a blueprint that no tenant uses.")
    static final class Delete extends ClientCommand {
        @Parameters(paramLabel = "NAME", description = "Such as shop.")
        String name = "";

        @Override
        void run(Api api, Output out) {
            out.answer(api.call("DELETE", "/blueprints/" + Api.segment(name), Map.of()));
        }
    }

    @Command(name = "versions", description = "List a blueprint's versions, oldest first.")
    static final class Versions extends VersionCommands.ListOfVersions {}
}
