package dev.tdb.app.cli;

import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** {@code tdb events}: what happens, as it happens. */
@Command(
        name = "events",
        description = "Print what happens as it happens, until Ctrl-C; with --json one object a line.")
public final class EventsCommand extends ClientCommand {
    @Option(names = "--tenant", paramLabel = "TENANT", description = "Only what is about this one.")
    String tenant = "";

    @Override
    void run(Api api, Output out) {
        api.events((type, event) -> {
            if (tenant.isEmpty() || tenant.equals(event.path("tenant_id").asString(""))) {
                out.event(type, event);
                out.line(event.path("at").asString("") + "  " + type + "  "
                        + event.path("tenant_id").asString("") + "  " + data(event.path("data")));
            }
        });
    }

    private static String data(JsonNode data) {
        return data.propertyStream()
                .filter(field -> !field.getValue().asString("").isEmpty())
                .map(field ->
                        field.getKey() + "=" + Terminal.oneLine(field.getValue().asString(""), 120))
                .sorted()
                .collect(Collectors.joining(" "));
    }
}
