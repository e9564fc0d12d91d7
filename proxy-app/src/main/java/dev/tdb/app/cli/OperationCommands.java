package dev.tdb.app.cli;

import dev.tdb.app.cli.Output.Column;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code tdb operations}: the journal of what was done. */
@Command(
        name = "operations",
        description = "The journal of what was done.",
        mixinStandardHelpOptions = true,
        subcommands = {OperationCommands.ListOperations.class, OperationCommands.Get.class})
public final class OperationCommands {
    @Command(name = "list", description = "List operations, newest first.")
    static final class ListOperations extends ClientCommand {
        @Option(names = "--tenant", paramLabel = "TENANT", description = "Only those of one tenant.")
        String tenant = "";

        @Mixin
        PageOptions page = new PageOptions();

        @Override
        void run(Api api, Output out) {
            Map<String, String> query = new LinkedHashMap<>();
            query.put("tenant_id", tenant);
            query.put("limit", Integer.toString(page.limit));
            query.put("offset", Integer.toString(page.offset));
            JsonNode reply = api.get("/operations" + Api.query(query));
            out.reply(reply);
            out.table(
                    reply.path("operations"),
                    "there are no operations",
                    Column.of("ID", "operation_id"),
                    Column.of("TYPE", "type"),
                    Column.of("TENANT", "tenant_id"),
                    Column.of("DATABASE", "database"),
                    Column.of("STATE", "state"),
                    Column.of("STARTED", "started_at"),
                    Column.of("ERROR", "error"));
            out.more(reply);
        }
    }

    @Command(name = "get", description = "Show an operation and its steps.")
    static final class Get extends ClientCommand {
        @Parameters(paramLabel = "ID", description = "As tdb operations list shows it.")
        String id = "";

        @Override
        void run(Api api, Output out) {
            JsonNode reply = api.get("/operations/" + Api.segment(id));
            out.reply(reply);
            JsonNode operation = reply.path("operation");
            out.line(operation.path("type").asString("") + " "
                    + operation.path("database").asString("")
                    + " " + operation.path("tenant_id").asString("") + ": "
                    + operation.path("state").asString(""));
            if (operation.has("error")) {
                out.line("  " + operation.path("error").asString());
            }
            out.table(
                    operation.path("steps"),
                    "no step was begun",
                    Column.of("STEP", "step"),
                    Column.of("STARTED", "started_at"),
                    Column.of("ENDED", "ended_at"),
                    Column.of("DETAIL", "detail"));
        }
    }
}
