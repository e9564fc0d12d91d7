package dev.tdb.app.cli;

import dev.tdb.app.cli.Output.Column;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code tdb versions}: the numbered versions of a blueprint. */
@Command(
        name = "versions",
        description = "The numbered versions of a blueprint.",
        subcommands = {
            VersionCommands.ListVersions.class,
            VersionCommands.Get.class,
            VersionCommands.Add.class,
            VersionCommands.Delete.class
        })
public final class VersionCommands {
    @Mixin
    HelpOption help = new HelpOption();

    private static final int SHOWN_CHARS_MAX = 80;
    private static final Path STANDARD_INPUT = Path.of("-");

    @Command(name = "list", description = "List a blueprint's versions, oldest first.")
    static final class ListVersions extends ListOfVersions {}

    /** By two names: {@code tdb versions list} and {@code tdb blueprints versions}. */
    abstract static class ListOfVersions extends ClientCommand {
        @Parameters(paramLabel = "BLUEPRINT", description = "Such as shop.")
        String blueprint = "";

        @Mixin
        PageOptions page = new PageOptions();

        @Override
        void run(Api api, Output out) {
            JsonNode reply = api.get("/blueprints/" + Api.segment(blueprint) + "/versions" + page.query());
            out.reply(reply);
            out.table(
                    reply.path("versions"),
                    "it has no version: add one with tdb versions add " + blueprint + " --file FILE",
                    Column.of("VERSION", "version"),
                    new Column(
                            "STATEMENTS",
                            version ->
                                    Integer.toString(version.path("statements").size())),
                    new Column(
                            "FIRST",
                            version ->
                                    Terminal.oneLine(version.at("/statements/0").asString(""), SHOWN_CHARS_MAX)),
                    Column.of("CREATED", "created_at"));
            out.more(reply);
        }
    }

    @Command(name = "get", description = "Print the statements of a version.")
    static final class Get extends ClientCommand {
        @Parameters(index = "0", paramLabel = "BLUEPRINT", description = "Such as shop.")
        String blueprint = "";

        @Parameters(index = "1", paramLabel = "VERSION", description = "1, 2, …")
        int version;

        @Override
        void run(Api api, Output out) {
            JsonNode reply = api.get("/blueprints/" + Api.segment(blueprint) + "/versions/" + version);
            out.reply(reply);
            reply.at("/version/statements")
                    .forEach(statement -> out.line(statement.asString("").strip() + ";\n"));
        }
    }

    @Command(name = "delete", description = "Take the newest version back, which no tenant has.")
    static final class Delete extends ClientCommand {
        @Parameters(index = "0", paramLabel = "BLUEPRINT", description = "Such as shop.")
        String blueprint = "";

        @Parameters(index = "1", paramLabel = "VERSION", description = "The newest.")
        int version;

        @Override
        void run(Api api, Output out) {
            out.answer(api.call("DELETE", "/blueprints/" + Api.segment(blueprint) + "/versions/" + version, Map.of()));
        }
    }

    @Command(
            name = "add",
            description = "Add a version: new tenants get it, the others when it is deployed. All of it is one"
                    + " transaction.")
    static final class Add extends ClientCommand {
        @Parameters(paramLabel = "BLUEPRINT", description = "Such as shop.")
        String blueprint = "";

        @Option(
                names = "--file",
                paramLabel = "FILE",
                description = "Its statements, - for standard input; may be given several times.")
        List<Path> files = List.of();

        @Option(names = "--statement", paramLabel = "SQL", description = "One statement; may be given several times.")
        List<String> texts = List.of();

        @Override
        void run(Api api, Output out) {
            List<String> statements = new ArrayList<>();
            files.forEach(file -> statements.add(read(file)));
            statements.addAll(texts);
            if (statements.isEmpty()) {
                throw CliFailure.usage("give its statements with --file or --statement");
            }
            JsonNode reply = api.call(
                    "POST", "/blueprints/" + Api.segment(blueprint) + "/versions", Map.of("statements", statements));
            out.reply(reply);
            out.line("version " + reply.at("/version/version").asString("") + " of " + blueprint + " is there");
            out.line("  apply it: tdb deployments create --blueprint " + blueprint + " --all --watch");
        }

        private static String read(Path file) {
            try {
                return file.equals(STANDARD_INPUT)
                        ? new String(System.in.readAllBytes(), StandardCharsets.UTF_8)
                        : Files.readString(file);
            } catch (IOException fault) {
                throw CliFailure.unreadable(file, fault);
            }
        }
    }
}
