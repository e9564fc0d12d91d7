package dev.tdb.app.cli;

import dev.tdb.app.cli.Output.Column;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code tdb query}: one statement on one tenant, or on all. */
@Command(name = "query", description = "Run one statement, which is no DDL, on one tenant or on all.")
public final class QueryCommand extends ClientCommand {
    private static final int CELL_CHARS_MAX = 200;

    @Parameters(paramLabel = "SQL", arity = "0..1", description = "The statement; - reads it from standard input.")
    String parameter = "";

    @Option(names = "--query", paramLabel = "SQL", description = "The same as SQL.")
    String named = "";

    @Option(names = "--blueprint", required = true, paramLabel = "NAME", description = "Which database.")
    String blueprint = "";

    @Option(names = "--tenant", paramLabel = "TENANT", description = "On this one.")
    String tenant = "";

    @Option(names = "--all", description = "On all tenants of the blueprint.")
    boolean all;

    @Override
    void run(Api api, Output out) {
        if (all != tenant.isEmpty()) {
            throw CliFailure.usage("say either --tenant or --all");
        }
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("blueprint", blueprint);
        String query = Name.of(parameter, named, "what to run");
        body.put("query", query.equals("-") ? input() : query);
        if (all) {
            body.put("all_tenants", true);
        } else {
            body.put("tenant_id", tenant);
        }
        JsonNode reply = api.call("POST", "/admin/query", body);
        out.reply(reply);
        if (all) {
            reply.path("results").forEach(result -> show(result, out));
        } else {
            show(reply, out);
        }
        int failed = reply.path("failed_tenants").asInt(0);
        if (failed > 0) {
            throw CliFailure.refused(
                    failed + " of " + reply.path("total_tenants").asString("") + " tenants refused it");
        }
    }

    private static String input() {
        try {
            return new String(System.in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException fault) {
            throw CliFailure.usage("standard input cannot be read: " + fault.getMessage());
        }
    }

    private void show(JsonNode result, Output out) {
        if (all) {
            out.line("— " + result.path("tenant_id").asString(""));
        }
        if (result.has("error")) {
            out.line(result.path("error").asString(""));
            return;
        }
        JsonNode columns = result.path("columns");
        long rows = result.path("row_count").asLong(0);
        if (columns.isEmpty()) {
            out.line(rows + " rows changed");
            return;
        }
        out.table(
                result.path("rows"),
                "no rows",
                IntStream.range(0, columns.size())
                        .mapToObj(at -> new Column(columns.get(at).asString(""), row -> cell(row.get(at))))
                        .toArray(Column[]::new));
        if (result.path("truncated").asBoolean(false)) {
            out.line("… and more: only the first " + rows + " rows are answered");
        }
    }

    private static String cell(JsonNode value) {
        return value.isNull()
                ? ""
                : Terminal.oneLine(value.isContainer() ? value.toString() : value.asString(), CELL_CHARS_MAX);
    }
}
