package dev.tdb.app.cli;

import dev.tdb.app.cli.Output.Column;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code tdb sessions}: who is connected. */
@Command(
        name = "sessions",
        description = "Client connections.",
        subcommands = {SessionCommands.ListSessions.class, SessionCommands.End.class})
public final class SessionCommands {
    @Mixin
    HelpOption help = new HelpOption();

    @Command(name = "list", description = "List sessions, oldest first.")
    static final class ListSessions extends ClientCommand {
        @Option(names = "--database", paramLabel = "DATABASE", description = "Only those of one route.")
        String database = "";

        @Mixin
        PageOptions page = new PageOptions();

        @Override
        void run(Api api, Output out) {
            Map<String, String> query = new LinkedHashMap<>();
            query.put("database", database);
            query.put("limit", Integer.toString(page.limit));
            query.put("offset", Integer.toString(page.offset));
            JsonNode reply = api.get("/sessions" + Api.query(query));
            out.reply(reply);
            out.table(
                    reply.path("sessions"),
                    "nobody is connected",
                    Column.of("ID", "id"),
                    Column.of("DATABASE", "database"),
                    Column.of("STATE", "state"),
                    Column.of("CLIENT", "client"),
                    Column.of("USER", "user"),
                    Column.of("SERVER", "server"),
                    Column.of("SINCE", "since"));
            out.more(reply);
        }
    }

    @Command(name = "end", description = "End a session; its client is told.")
    static final class End extends ClientCommand {
        @Parameters(paramLabel = "ID", description = "As tdb sessions list shows it.")
        String id = "";

        @Override
        void run(Api api, Output out) {
            JsonNode reply = api.call("DELETE", "/sessions/" + Api.segment(id), Map.of());
            out.reply(reply);
            out.line(reply.path("message").asString());
        }
    }
}
