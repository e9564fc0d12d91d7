package dev.tdb.app.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** How to suspend a tenant or a route. */
final class SuspendOptions {
    @Option(
            names = "--patience",
            paramLabel = "TIME",
            description = "How long each query waits before it is refused; what the blueprint says if"
                    + " not given, 30s unless told otherwise; 0s refuses at once.")
    String patience = "";

    @Option(names = "--wait", description = "Come back when nothing is in flight any more.")
    boolean drained;

    @Option(names = "--timeout", paramLabel = "TIME", description = "How long --wait waits, 30s if not given.")
    String timeout = "";

    Map<String, Object> body() {
        Map<String, Object> body = new LinkedHashMap<>();
        if (!patience.isEmpty()) {
            body.put("patience", patience);
        }
        if (drained) {
            body.put("wait", "drained");
        }
        if (!timeout.isEmpty()) {
            body.put("timeout", timeout);
        }
        return body;
    }

    static void report(JsonNode reply, Output out) {
        out.line(reply.path("message").asString(""));
        out.line("  sessions   " + reply.path("sessions").asString("0") + ": "
                + reply.path("in_flight").asString("0") + " in flight, "
                + reply.path("held").asString("0") + " waiting"
                + (reply.path("drained").asBoolean(false) ? ", drained" : ""));
    }
}
