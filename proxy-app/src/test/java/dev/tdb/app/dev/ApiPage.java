package dev.tdb.app.dev;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code docs/api.md}, made of the OpenAPI document. */
final class ApiPage {
    private static final String HEAD = """
        # The HTTP API

        This page is made of the contract that tdb serves at `/openapi.json`; `mvn verify` fails when they differ, and
        `-Dtdb.docs=write` writes it anew.

        - JSON in UTF-8, snake_case. `Authorization: Bearer KEY` everywhere but where a key is said not to be needed.
        - Every reply carries `success`, `http_status` and `code`; one that is no success adds `error`, a sentence for
          people, and where there is one the `operation_id` to look at. The examples below leave the three out.
        - A field that is unknown, missing or unfit is `400 bad_request`, and the sentence names it.
        - Lists take `limit` and `offset`, and answer `count` and `has_more`.
        - The operator's key names its project by `?project=` or `X-Project`; without either it is the default one. Any
          other key belongs to one project, and has a role (`read`, `write`, `admin`) and a scope (`project`,
          `blueprint`, `tenant`).
        - A POST with an `Idempotency-Key` that is sent again with the same body within 24 hours is answered as before, and
          not done again, also when tdb was restarted in between. With another body, while the first one runs, or when tdb was
          stopped in the midst of it, it is `409 conflict`. A fault (5xx) is not kept. Of each key of the API the last 2000
          answers are kept, or 16 MiB; one of more than 256 KiB is not given again, and its request not done again.
        - Requests that need no key, or have none that is known, are limited by address, others by key: `429 rate_limited` with
          `Retry-After`.
        - Durations are `"10s"`, `"500ms"`, `"1.5h"`; a bare number is seconds. Times are RFC 3339 in UTC.
        """;

    private ApiPage() {}

    static String of(JsonNode document, JsonNode errors) {
        StringBuilder page = new StringBuilder(HEAD);
        page.append("\n| code | HTTP | when |\n|---|---|---|\n");
        errors.forEach(code -> page.append("| `" + code.path("code").asString() + "` | "
                + code.path("http_status").asString() + " | "
                + code.path("meaning").asString() + " |\n"));
        byTag(document).forEach((tag, operations) -> {
            page.append("\n## ").append(tag).append('\n');
            operations.forEach(page::append);
        });
        return page.toString();
    }

    private static Map<String, List<String>> byTag(JsonNode document) {
        Map<String, List<String>> tags = new LinkedHashMap<>();
        document.path("paths")
                .propertyStream()
                .forEach(path -> path.getValue()
                        .propertyStream()
                        .forEach(operation -> tags.computeIfAbsent(
                                        operation.getValue().at("/tags/0").asString(), _ -> new ArrayList<>())
                                .add(section(
                                        operation.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey(),
                                        operation.getValue()))));
        return tags;
    }

    private static String section(String name, JsonNode operation) {
        StringBuilder section = new StringBuilder("\n### " + name + "\n\n"
                + operation.path("summary").asString() + ". "
                + operation.path("description").asString("Needs no key.") + "\n");
        if (operation.path("responses").has("501")) {
            section.append("This build answers `501 not_implemented`.\n");
        }
        String parameters = operation
                .path("parameters")
                .valueStream()
                .filter(parameter -> parameter.path("in").asString().equals("query")
                        && !parameter.path("name").asString().equals("project"))
                .map(parameter -> row(
                        parameter.path("name").asString(),
                        parameter.path("schema"),
                        parameter.path("required").asBoolean(false),
                        parameter.path("description").asString("")))
                .collect(Collectors.joining());
        table(section, "parameter", parameters);
        JsonNode body = operation.at("/requestBody/content/application~1json");
        List<String> required = body.at("/schema/required")
                .valueStream()
                .map(JsonNode::asString)
                .toList();
        String fields = body.at("/schema/properties")
                .propertyStream()
                .map(field -> row(
                        field.getKey(),
                        field.getValue(),
                        required.contains(field.getKey()),
                        field.getValue().path("description").asString("")))
                .collect(Collectors.joining());
        table(section, "field", fields);
        example(section, "Request", body.path("example"));
        operation
                .path("responses")
                .forEach(response -> example(section, "Reply", response.at("/content/application~1json/example")));
        Set<String> absent = new TreeSet<>();
        operation
                .path("responses")
                .forEach(response -> absent(response.at("/content/application~1json/schema"), absent));
        if (!absent.isEmpty()) {
            section.append("\nMay be absent: " + String.join(", ", absent) + ".\n");
        }
        return section.toString();
    }

    /** Names of fields that are declared and not required, at whatever depth. */
    private static void absent(JsonNode schema, Set<String> names) {
        List<String> required =
                schema.path("required").valueStream().map(JsonNode::asString).toList();
        schema.path("properties").propertyStream().forEach(field -> {
            if (!required.contains(field.getKey())) {
                names.add("`" + field.getKey() + "`");
            }
            absent(field.getValue(), names);
            absent(field.getValue().path("items"), names);
        });
    }

    private static String row(String name, JsonNode schema, boolean required, String meaning) {
        return "| `" + name + "` | " + type(schema) + (required ? ", required" : "") + " | "
                + meaning.replace("|", "\\|") + " |\n";
    }

    private static String type(JsonNode schema) {
        if (schema.has("enum")) {
            return schema.path("enum")
                    .valueStream()
                    .map(word -> "`" + word.asString() + "`")
                    .collect(Collectors.joining(" "));
        }
        JsonNode type = schema.path("type");
        String name = type.isArray()
                ? type.valueStream().map(JsonNode::asString).collect(Collectors.joining(" or "))
                : type.asString("any");
        return name.equals("array") ? "list of " + type(schema.path("items")) : name;
    }

    private static void table(StringBuilder section, String title, String rows) {
        if (!rows.isEmpty()) {
            section.append("\n| " + title + " | type | |\n|---|---|---|\n").append(rows);
        }
    }

    private static void example(StringBuilder section, String title, JsonNode example) {
        if (!example.isMissingNode()) {
            JsonNode shown = example.deepCopy();
            if (shown instanceof tools.jackson.databind.node.ObjectNode object) {
                object.remove(List.of("success", "http_status", "code"));
            }
            section.append("\n" + title + "\n\n```json\n")
                    .append(JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(shown))
                    .append("\n```\n");
        }
    }
}
