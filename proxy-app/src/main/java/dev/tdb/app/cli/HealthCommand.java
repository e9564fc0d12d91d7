package dev.tdb.app.cli;

import java.util.Map;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;

/** {@code tdb health}: is it there, and is it ready. */
@Command(name = "health", description = "Ask whether tdb is ready, part by part.")
public final class HealthCommand extends ClientCommand {
    @Override
    void run(Api api, Output out) {
        JsonNode reply = api.call("GET", "/ready", Map.of(), true);
        out.reply(reply);
        reply.path("parts")
                .propertyStream()
                .forEach(part ->
                        out.line((part.getValue().path("ready").asBoolean(false) ? "ready      " : "not ready  ")
                                + part.getKey()
                                + detail(part.getValue().path("detail").asString(""))));
        if (!reply.path("success").asBoolean(false)) {
            throw CliFailure.refused(reply.path("error").asString("not ready"));
        }
    }

    private static String detail(String detail) {
        return detail.isEmpty() || detail.equals("ok") ? "" : ": " + detail;
    }
}
