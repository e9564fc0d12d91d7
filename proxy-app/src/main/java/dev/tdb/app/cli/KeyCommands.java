package dev.tdb.app.cli;

import dev.tdb.app.cli.Output.Column;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code tdb apikeys}: keys for the API, and the passwords that drivers log in with. */
@Command(
        name = "apikeys",
        aliases = "keys",
        description = "Keys for the API, and the passwords that drivers log in with.",
        subcommands = {
            KeyCommands.ListKeys.class,
            KeyCommands.Create.class,
            KeyCommands.Rotate.class,
            KeyCommands.Delete.class
        })
public final class KeyCommands {
    @Mixin
    HelpOption help = new HelpOption();

    @Command(name = "list", description = "List keys, without their secrets.")
    static final class ListKeys extends ClientCommand {
        @Mixin
        PageOptions page = new PageOptions();

        @Override
        void run(Api api, Output out) {
            JsonNode reply = api.get("/apikeys" + page.query());
            out.reply(reply);
            out.table(
                    reply.path("api_keys"),
                    "there are no keys",
                    Column.of("ID", "id"),
                    Column.of("NAME", "name"),
                    Column.of("ROLE", "role"),
                    new Column("SCOPE", KeyCommands::scope),
                    Column.of("CREATED", "created_at"),
                    Column.of("LAST USED", "last_used_at"));
            out.more(reply);
        }
    }

    @Command(name = "create", description = "Create a key; its secrets are printed this once.")
    static final class Create extends ClientCommand {
        @Option(names = "--name", required = true, paramLabel = "NAME", description = "For people.")
        String name = "";

        @Option(
                names = "--role",
                paramLabel = "ROLE",
                completionCandidates = Words.Roles.class,
                description = "read, write or admin (default: ${DEFAULT-VALUE}).")
        String role = "write";

        @Option(
                names = "--scope-type",
                paramLabel = "TYPE",
                completionCandidates = Words.ScopeTypes.class,
                description = "project, blueprint or tenant; drivers log in with the last two"
                        + " (default: ${DEFAULT-VALUE}).")
        String scopeType = "project";

        @Option(
                names = "--scope-values",
                split = ",",
                paramLabel = "NAME",
                description = "The blueprints or tenants it covers, with commas between them.")
        List<String> scopeValues = List.of();

        @Override
        void run(Api api, Output out) {
            Map<String, Object> body = new LinkedHashMap<>();
            body.put("name", name);
            body.put("role", role);
            body.put("scope_type", scopeType);
            if (!scopeValues.isEmpty()) {
                body.put("scope_values", scopeValues);
            }
            secrets(api.call("POST", "/apikeys", body), out);
        }
    }

    @Command(name = "rotate", description = "Make new secrets, printed this once; the old ones work a while longer.")
    static final class Rotate extends ClientCommand {
        @Parameters(paramLabel = "ID", description = "As tdb apikeys list shows it.")
        String id = "";

        @Option(
                names = "--overlap",
                paramLabel = "TIME",
                description =
                        "How long the old ones still work (default: ${DEFAULT-VALUE}); 0s ends them and their sessions"
                                + " at once.")
        String overlap = "1h";

        @Override
        void run(Api api, Output out) {
            secrets(api.call("POST", "/apikeys/" + Api.segment(id) + "/rotate", Map.of("overlap", overlap)), out);
        }
    }

    @Command(name = "delete", description = "Remove a key, and end the sessions of its password.")
    static final class Delete extends ClientCommand {
        @Parameters(paramLabel = "ID", description = "As tdb apikeys list shows it.")
        String id = "";

        @Override
        void run(Api api, Output out) {
            out.answer(api.call("DELETE", "/apikeys/" + Api.segment(id), Map.of()));
        }
    }

    private static String scope(JsonNode key) {
        String values = key.path("scope_values")
                .valueStream()
                .map(value -> value.asString(""))
                .collect(Collectors.joining(", "));
        return key.path("scope_type").asString("") + (values.isEmpty() ? "" : " " + values);
    }

    private static void secrets(JsonNode reply, Output out) {
        out.reply(reply);
        out.line("key " + reply.at("/api_key/id").asString("") + ", not shown again:");
        out.line("  API        " + reply.path("key").asString(""));
        if (reply.has("proxy_password")) {
            out.line("  drivers    " + reply.path("proxy_password").asString(""));
        }
    }
}
