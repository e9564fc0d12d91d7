package dev.tdb.app.dev;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** The OpenAPI document of the API, and what does not fit it. Here objects have the fields they declare and no others. */
record Contract(JsonNode document) {
    /** The operation that answers a call; empty when the contract has none. */
    Optional<JsonNode> operation(String method, String pathAndQuery) {
        String path = pathAndQuery.replaceFirst("\\?.*", "");
        return document.path("paths")
                .propertyStream()
                .filter(entry -> path.matches(entry.getKey().replaceAll("\\{[a-z_]+}", "[^/]+")))
                // A path without parameters goes before one with them.
                .sorted(Comparator.comparingInt(entry -> entry.getKey().length()
                        - entry.getKey().replace("{", "").length()))
                .map(entry -> entry.getValue().path(method.toLowerCase(Locale.ROOT)))
                .filter(JsonNode::isObject)
                .findFirst();
    }

    /** What does not fit in a reply, which may be a failure. */
    List<String> complaints(String method, String path, int status, JsonNode reply) {
        Optional<JsonNode> operation = operation(method, path);
        if (operation.isEmpty()) {
            return List.of("there is no " + method + " " + path);
        }
        JsonNode responses = operation.get().path("responses");
        JsonNode response = responses.path(
                status < 400 || responses.has(Integer.toString(status)) ? Integer.toString(status) : "default");
        if (response.isMissingNode()) {
            return List.of(method + " " + path + " is not said to answer " + status);
        }
        return complaints(response.at("/content/application~1json/schema"), reply);
    }

    /** What does not fit in {@code value}. */
    List<String> complaints(JsonNode schema, JsonNode value) {
        List<String> complaints = new ArrayList<>();
        check("", schema, value, complaints);
        return complaints;
    }

    private void check(String at, JsonNode schema, JsonNode value, List<String> complaints) {
        if (schema.has("$ref")) {
            check(at, document.at(schema.path("$ref").asString().substring(1)), value, complaints);
            return;
        }
        JsonNode type = schema.path("type");
        boolean fits = type.isMissingNode()
                || (type.isArray()
                        ? type.valueStream().anyMatch(one -> is(one.asString(), value))
                        : is(type.asString(), value));
        if (!fits) {
            complaints.add(at + " is " + value + ", expected " + type);
        } else if (schema.has("enum") && schema.path("enum").valueStream().noneMatch(value::equals)) {
            complaints.add(at + " is " + value + ", expected one of " + schema.path("enum"));
        } else if (schema.path("format").asString("").equals("date-time")
                && !value.asString("").matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z")) {
            complaints.add(at + " is " + value + ", expected a time");
        }
        if (value.isObject() && schema.has("type")) {
            checkFields(at, schema, value, complaints);
        }
        if (value.isArray() && schema.has("items")) {
            for (int i = 0; i < value.size(); i++) {
                check(at + "[" + i + "]", schema.path("items"), value.get(i), complaints);
            }
        }
    }

    private void checkFields(String at, JsonNode schema, JsonNode value, List<String> complaints) {
        schema.path("required").forEach(name -> {
            if (!value.has(name.asString())) {
                complaints.add(at + " lacks " + name);
            }
        });
        for (Map.Entry<String, JsonNode> field : value.properties()) {
            String name = field.getKey();
            JsonNode known = schema.path("properties").path(name);
            JsonNode any = schema.path("additionalProperties");
            if (known.isObject()) {
                check(at + "." + name, known, field.getValue(), complaints);
            } else if (any.isObject()) {
                check(at + "." + name, any, field.getValue(), complaints);
            } else {
                complaints.add(at + " has " + name + ", which is not declared");
            }
        }
    }

    private static boolean is(String type, JsonNode value) {
        return switch (type) {
            case "object" -> value.isObject();
            case "array" -> value.isArray();
            case "string" -> value.isString();
            case "integer" -> value.isIntegralNumber();
            case "number" -> value.isNumber();
            case "boolean" -> value.isBoolean();
            default -> throw new IllegalArgumentException("type " + type);
        };
    }
}
