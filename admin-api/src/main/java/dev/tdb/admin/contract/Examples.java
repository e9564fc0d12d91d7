package dev.tdb.admin.contract;

import dev.tdb.admin.http.Endpoint;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What endpoints are asked and what they answer, by example. The examples stand in {@code examples.json}, each reply
 * without its envelope; the schemas of replies follow from them. In a reply a name that ends with {@code ?} is of a field
 * that may be absent, and the name {@code *} stands for any name.
 */
final class Examples {
    private static final String FILE = "examples.json";
    private static final String OPTIONAL = "?";
    private static final String ANY_NAME = "*";

    private final JsonNode all;

    private Examples(JsonNode all) {
        this.all = all;
    }

    static Examples load() {
        try (InputStream file = Examples.class.getResourceAsStream(FILE)) {
            if (file == null) {
                throw new IllegalStateException(FILE + " is not in the program");
            }
            return new Examples(JsonMapper.shared().readTree(file));
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        }
    }

    private JsonNode of(Endpoint endpoint) {
        return all.path(endpoint.method() + " " + endpoint.path());
    }

    Optional<JsonNode> request(Endpoint endpoint) {
        return of(endpoint).optional("request");
    }

    /** Whether this build answers no more than that it cannot do it yet. */
    boolean later(Endpoint endpoint) {
        return of(endpoint).path("later").asBoolean(false);
    }

    /** The HTTP status of a success. */
    int status(Endpoint endpoint) {
        return of(endpoint).path("http_status").asInt(200);
    }

    /** A reply in its envelope; empty for what is not answered in one. */
    Optional<JsonNode> reply(Endpoint endpoint) {
        return marked(endpoint).map(Examples::unmarked);
    }

    /** The schema that the reply's example stands for. */
    Optional<Map<String, Object>> schema(Endpoint endpoint) {
        return marked(endpoint).map(Examples::schema);
    }

    private Optional<JsonNode> marked(Endpoint endpoint) {
        return of(endpoint).optional("reply").map(fields -> {
            int status = status(endpoint);
            ObjectNode reply = JsonNodeFactory.instance.objectNode();
            reply.put("success", true);
            reply.put("http_status", status);
            reply.put("code", status == 201 ? "created" : "ok");
            return reply.setAll((ObjectNode) fields);
        });
    }

    private static JsonNode unmarked(JsonNode value) {
        if (value.isObject()) {
            ObjectNode object = JsonNodeFactory.instance.objectNode();
            value.propertyStream()
                    .forEach(field -> object.set(
                            field.getKey().equals(ANY_NAME) ? "name" : name(field.getKey()),
                            unmarked(field.getValue())));
            return object;
        }
        if (value.isArray()) {
            var array = JsonNodeFactory.instance.arrayNode();
            value.forEach(item -> array.add(unmarked(item)));
            return array;
        }
        return value;
    }

    private static String name(String marked) {
        return marked.endsWith(OPTIONAL) ? marked.substring(0, marked.length() - 1) : marked;
    }

    private static Map<String, Object> schema(JsonNode value) {
        return switch (value.getNodeType()) {
            case OBJECT -> objectSchema(value);
            case ARRAY -> Map.of("type", "array", "items", itemSchema(value));
            case STRING ->
                isMoment(value.stringValue())
                        ? Map.of("type", "string", "format", "date-time")
                        : Map.of("type", "string");
            case NUMBER -> Map.of("type", value.isIntegralNumber() ? "integer" : "number");
            case BOOLEAN -> Map.of("type", "boolean");
            case BINARY, MISSING, NULL, POJO -> Map.of();
        };
    }

    private static Map<String, Object> objectSchema(JsonNode object) {
        if (object.has(ANY_NAME)) {
            return Map.of("type", "object", "additionalProperties", schema(object.path(ANY_NAME)));
        }
        Map<String, Object> properties = new LinkedHashMap<>();
        List<String> required = new ArrayList<>();
        object.propertyStream().forEach(field -> {
            properties.put(name(field.getKey()), schema(field.getValue()));
            if (!field.getKey().endsWith(OPTIONAL)) {
                required.add(field.getKey());
            }
        });
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "object");
        schema.put("properties", properties);
        if (!required.isEmpty()) {
            schema.put("required", required);
        }
        return schema;
    }

    /** Items that have no type in common may be anything. */
    private static Map<String, Object> itemSchema(JsonNode array) {
        List<Map<String, Object>> schemas =
                array.valueStream().map(Examples::schema).distinct().toList();
        return schemas.size() == 1 ? schemas.getFirst() : Map.of();
    }

    private static boolean isMoment(String text) {
        try {
            Instant.parse(text);
            return true;
        } catch (DateTimeParseException _) {
            return false;
        }
    }
}
