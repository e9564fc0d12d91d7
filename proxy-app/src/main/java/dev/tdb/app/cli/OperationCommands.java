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
        subcommands = {
            OperationCommands.ListOperations.class,
            OperationCommands.Get.class,
            OperationCommands.Cancel.class
        })
public final class OperationCommands {
    @Mixin
    HelpOption help = new HelpOption();

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

        @Mixin
        Watch watch = new Watch();

        @Override
        void run(Api api, Output out) {
            JsonNode reply = watch.until(
                    out,
                    () -> api.get("/operations/" + Api.segment(id)),
                    now -> now.at("/operation/state").asString("").equals("running"),
                    Get::progress);
            out.reply(reply);
            JsonNode operation = reply.path("operation");
            String state = operation.path("state").asString("");
            out.line(subject(operation) + ": " + state);
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
            if (watch.wanted && !state.equals("succeeded")) {
                throw CliFailure.refused("operation " + id + " is " + state);
            }
        }

        private static String subject(JsonNode operation) {
            String database = operation.path("database").asString("");
            String subject = database.isEmpty()
                    ? operation
                            .path("tenant_id")
                            .asString(operation.path("blueprint").asString(""))
                    : database;
            return operation.path("type").asString("") + " " + subject;
        }

        private static String progress(JsonNode reply) {
            JsonNode operation = reply.path("operation");
            int steps = operation.path("steps").size();
            String step = steps == 0
                    ? ""
                    : ", " + operation.at("/steps/" + (steps - 1) + "/step").asString("");
            return subject(operation) + ": " + operation.path("progress").asString("0") + " %" + step;
        }
    }

    @Command(name = "cancel", description = "Cancel a deployment: tenants whose turn it is are finished.")
    static final class Cancel extends ClientCommand {
        @Parameters(paramLabel = "ID", description = "As tdb operations list shows it.")
        String id = "";

        @Override
        void run(Api api, Output out) {
            out.answer(api.call("POST", "/operations/" + Api.segment(id) + "/cancel", Map.of()));
        }
    }
}
