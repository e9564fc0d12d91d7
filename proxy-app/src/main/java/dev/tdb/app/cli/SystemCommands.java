package dev.tdb.app.cli;

import dev.tdb.app.cli.Output.Column;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;

/** What the API says of itself. */
public final class SystemCommands {
    private SystemCommands() {}

    /** {@code tdb errors}. */
    @Command(name = "errors", description = "List the codes a reply of the API may carry.")
    public static final class Errors extends ClientCommand {
        @Override
        void run(Api api, Output out) {
            JsonNode reply = api.get("/errors");
            out.reply(reply);
            out.table(
                    reply.path("errors"),
                    "there are no codes",
                    Column.of("CODE", "code"),
                    Column.of("HTTP", "http_status"),
                    Column.of("MEANING", "meaning"));
        }
    }

    /** {@code tdb metrics}. */
    @Command(name = "metrics", description = "Print the meters of the node, as Prometheus reads them.")
    public static final class Metrics extends ClientCommand {
        @Override
        void run(Api api, Output out) {
            out.text(api.text("/metrics"));
        }
    }

    /** {@code tdb openapi}. */
    @Command(name = "openapi", description = "Print the OpenAPI document of the API.")
    public static final class Contract extends ClientCommand {
        @Override
        void run(Api api, Output out) {
            out.text(api.text("/openapi.json"));
        }
    }

    /** {@code tdb regions}. */
    @Command(name = "regions", description = "List regions.")
    public static final class Regions extends HostCommands.ListOfRegions {}
}
