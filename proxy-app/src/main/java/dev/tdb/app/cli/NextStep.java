package dev.tdb.app.cli;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a person at a shell may do about a sentence of the API, which names calls of the API only. */
final class NextStep {
    private static final String NAME = "([A-Za-z0-9_]+)";
    private static final Pattern NOT_FOUND = Pattern.compile("([A-Z][A-Za-z ]*) not found: .*", Pattern.DOTALL);
    private static final Map<String, String> LISTS = Map.of(
            "Project", "projects list",
            "API key", "apikeys list",
            "Blueprint", "blueprints list",
            "Version", "versions list BLUEPRINT",
            "Deployment", "deployments list",
            "Tenant", "tenants list",
            "Route", "routes list",
            "Session", "sessions list",
            "Host", "hosts list",
            "Operation", "operations list");
    private static final List<Call> CALLS = List.of(
            new Call("POST /tenants/" + NAME + "/(restore|resume|retry)", "tenants $2 $1"),
            new Call("DELETE /tenants/" + NAME + "\\?hard=true", "tenants delete $1 --hard"),
            new Call("GET /tenants/" + NAME, "tenants get $1"),
            new Call("POST /blueprints/" + NAME + "/versions", "versions add $1"),
            new Call("GET /deployments/" + NAME, "deployments get $1 --watch"),
            new Call("POST /hosts", "hosts add"));

    private NextStep() {}

    private record Call(Pattern call, String command) {
        Call(String call, String command) {
            this(Pattern.compile("\\b" + call + "(?![A-Za-z0-9_/])"), "tdb " + command);
        }
    }

    /** The sentence, with calls of the API as the commands that make them. */
    static String asCommands(String sentence) {
        String said = sentence;
        for (Call call : CALLS) {
            said = call.call().matcher(said).replaceAll(call.command());
        }
        return said;
    }

    /** The command that lists what there is of something that was not found. */
    static Optional<String> list(String sentence) {
        Matcher matcher = NOT_FOUND.matcher(sentence);
        return matcher.matches()
                ? Optional.ofNullable(LISTS.get(matcher.group(1))).map(list -> "tdb " + list)
                : Optional.empty();
    }
}
