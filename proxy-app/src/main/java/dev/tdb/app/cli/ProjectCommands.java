package dev.tdb.app.cli;

import dev.tdb.app.cli.Output.Column;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code tdb projects}: who owns blueprints, tenants and keys. For the operator. */
@Command(
        name = "projects",
        description = "Who owns blueprints, tenants and keys.",
        subcommands = {ProjectCommands.ListProjects.class, ProjectCommands.Create.class, ProjectCommands.Delete.class})
public final class ProjectCommands {
    @Mixin
    HelpOption help = new HelpOption();

    @Command(name = "list", description = "List projects.")
    static final class ListProjects extends ClientCommand {
        @Mixin
        PageOptions page = new PageOptions();

        @Override
        void run(Api api, Output out) {
            JsonNode reply = api.get("/projects" + page.query());
            out.reply(reply);
            out.table(
                    reply.path("projects"),
                    "there are no projects: make one with tdb projects create",
                    Column.of("PROJECT", "project_id"),
                    Column.of("NAME", "name"),
                    Column.of("KEYS", "api_key_count"),
                    Column.of("CREATED", "created_at"));
            out.more(reply);
        }
    }

    @Command(name = "create", description = "Create a project; its key is printed this once.")
    static final class Create extends ClientCommand {
        @Parameters(paramLabel = "NAME", arity = "0..1", description = "For people.")
        String name = "";

        @Option(names = "--name", paramLabel = "NAME", description = "The same as NAME.")
        String named = "";

        @Override
        void run(Api api, Output out) {
            String project = Name.of(name, named, "how the project is called");
            JsonNode reply = api.call("POST", "/projects", Map.of("name", project));
            out.reply(reply);
            out.line("project " + reply.path("project_id").asString("") + " is made");
            out.line("  key        " + reply.path("api_key").asString("") + "   (not shown again)");
        }
    }

    @Command(name = "delete", description = "Remove a project without tenants.")
    static final class Delete extends ClientCommand {
        @Parameters(paramLabel = "PROJECT", description = "As tdb projects list shows it.")
        String project = "";

        @Override
        void run(Api api, Output out) {
            out.answer(api.call("DELETE", "/projects/" + Api.segment(project), Map.of()));
        }
    }
}
