package dev.tdb.admin.contract;

import dev.tdb.admin.http.Access;
import dev.tdb.admin.http.Answer;
import dev.tdb.admin.http.Code;
import dev.tdb.admin.http.Endpoint;
import dev.tdb.admin.http.Field;
import dev.tdb.admin.http.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The OpenAPI 3.1 document of a list of endpoints. */
public final class OpenApi {
    private static final Pattern PARAMETER = Pattern.compile("\\{([a-z_]+)}");
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Map<String, Object> REPLY = Map.of("$ref", "#/components/schemas/Reply");
    private static final Map<String, Object> FAILURE = Map.of("$ref", "#/components/schemas/Failure");

    private final String version;
    private final Examples examples = Examples.load();

    public OpenApi(String version) {
        this.version = version;
    }

    public String document(List<Endpoint> endpoints) {
        Map<String, Map<String, Object>> paths = new LinkedHashMap<>();
        for (Endpoint endpoint : endpoints) {
            paths.computeIfAbsent(endpoint.path(), _ -> new LinkedHashMap<>())
                    .put(endpoint.method().toLowerCase(Locale.ROOT), operation(endpoint));
        }
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("openapi", "3.1.0");
        document.put(
                "info",
                Map.of(
                        "title",
                        "tdb",
                        "version",
                        version,
                        "description",
                        "Tenants, routes and hosts of tdb. Every reply carries success, http_status and"
                                + " code; a reply that is no success adds error, a sentence for people."));
        document.put("paths", paths);
        document.put("components", Map.of("securitySchemes", securitySchemes(), "schemas", schemas()));
        return JSON.writeValueAsString(document);
    }

    private static Map<String, Object> securitySchemes() {
        return Map.of(
                "key", Map.of("type", "http", "scheme", "bearer", "description", "an operator's or a project's key"));
    }

    private static Map<String, Object> schemas() {
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("success", Map.of("type", "boolean"));
        properties.put("http_status", Map.of("type", "integer"));
        properties.put(
                "code",
                Map.of(
                        "type",
                        "string",
                        "enum",
                        Stream.of(Code.values()).map(Code::word).toList()));
        Map<String, Object> failure = new LinkedHashMap<>(properties);
        failure.put("error", Map.of("type", "string", "description", "a sentence for people"));
        failure.put(
                "operation_id", Map.of("type", "string", "description", "the operation to look at, if there is one"));
        failure.put("request_id", Map.of("type", "string", "description", "of a fault, as the program's log has it"));
        return Map.of(
                "Reply",
                        Map.of(
                                "type",
                                "object",
                                "required",
                                List.of("success", "http_status", "code"),
                                "properties",
                                properties),
                "Failure",
                        Map.of(
                                "type",
                                "object",
                                "required",
                                List.of("success", "http_status", "code", "error"),
                                "properties",
                                failure));
    }

    private Map<String, Object> operation(Endpoint endpoint) {
        Map<String, Object> operation = new LinkedHashMap<>();
        operation.put("operationId", operationId(endpoint));
        operation.put("summary", endpoint.summary());
        operation.put("tags", List.of(endpoint.path().split("/", 3)[1]));
        if (endpoint.access() == Access.PUBLIC) {
            operation.put("security", List.of());
        } else {
            operation.put("security", List.of(Map.of("key", List.of())));
            operation.put("description", "Needs " + needs(endpoint.access()) + ".");
        }
        List<Map<String, Object>> parameters = parameters(endpoint);
        if (!parameters.isEmpty()) {
            operation.put("parameters", parameters);
        }
        if (!endpoint.body().isEmpty()) {
            operation.put(
                    "requestBody",
                    Map.of(
                            "required", endpoint.body().stream().anyMatch(Field::required),
                            "content",
                                    content(
                                            "application/json",
                                            new Shape.ObjectOf(endpoint.body()).schema(),
                                            examples.request(endpoint))));
        }
        operation.put("responses", responses(endpoint));
        return operation;
    }

    private static String operationId(Endpoint endpoint) {
        String words = endpoint.path().replaceAll("[{}]", "").replaceAll("[^a-z_]+", "_");
        return endpoint.method().toLowerCase(Locale.ROOT) + words;
    }

    private static String needs(Access access) {
        return switch (access) {
            case PUBLIC -> "no key";
            case READ -> "any key";
            case WRITE -> "a key with role write or admin";
            case ADMIN -> "a key with role admin";
            case OPERATOR -> "the operator's key";
        };
    }

    private static List<Map<String, Object>> parameters(Endpoint endpoint) {
        List<Map<String, Object>> parameters = new ArrayList<>();
        Matcher matcher = PARAMETER.matcher(endpoint.path());
        while (matcher.find()) {
            parameters.add(Map.of(
                    "name", matcher.group(1), "in", "path", "required", true, "schema", Map.of("type", "string")));
        }
        for (Field field : endpoint.query()) {
            parameters.add(Map.of(
                    "name", field.name(),
                    "in", "query",
                    "required", field.required(),
                    "description", field.meaning(),
                    "schema", field.shape().schema()));
        }
        if (endpoint.access() != Access.PUBLIC) {
            parameters.add(Map.of(
                    "name", "project",
                    "in", "query",
                    "required", false,
                    "description", "the project, for the operator's key; the header X-Project does the same",
                    "schema", Map.of("type", "string")));
        }
        if (endpoint.method().equals("POST")) {
            parameters.add(Map.of(
                    "name", "Idempotency-Key",
                    "in", "header",
                    "required", false,
                    "description", "the same key and body get the first answer again, for 24 hours",
                    "schema", Map.of("type", "string", "maxLength", 255)));
        }
        return parameters;
    }

    private Map<String, Object> responses(Endpoint endpoint) {
        Map<String, Object> responses = new LinkedHashMap<>();
        if (examples.later(endpoint)) {
            responses.put(
                    "501",
                    Map.of(
                            "description",
                            "this build cannot do it yet",
                            "content",
                            content("application/json", FAILURE, Optional.empty())));
        } else {
            responses.put(
                    Integer.toString(examples.status(endpoint)),
                    Map.of("description", endpoint.summary(), "content", success(endpoint)));
        }
        responses.put(
                "default",
                Map.of("description", "no success", "content", content("application/json", FAILURE, Optional.empty())));
        return responses;
    }

    private Map<String, Object> success(Endpoint endpoint) {
        return switch (endpoint.answer()) {
            case Answer.Enveloped _ ->
                content("application/json", examples.schema(endpoint).orElse(REPLY), examples.reply(endpoint));
            case Answer.Document(String type, var _) -> content(type.split(";", 2)[0], Map.of(), Optional.empty());
            case Answer.Stream _ -> content("text/event-stream", Map.of("type", "string"), Optional.empty());
        };
    }

    private static Map<String, Object> content(String type, Map<String, Object> schema, Optional<JsonNode> example) {
        Map<String, Object> content = new LinkedHashMap<>();
        content.put("schema", schema);
        example.ifPresent(found -> content.put("example", found));
        return Map.of(type, content);
    }
}
