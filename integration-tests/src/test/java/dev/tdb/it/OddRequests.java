package dev.tdb.it;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import tools.jackson.databind.JsonNode;

/** Makes requests from an OpenAPI document: each as the document has it, but for a few things. The seed decides. */
final class OddRequests {
    private static final List<String> NAMES =
            List.of("acme", "nobody", "it", "it__acme", "one", "op_aaaaaaaaaaaaaaaa", "1");
    private static final List<String> ODD_TEXTS = List.of(
            "",
            " ",
            "a__b",
            "_a",
            "A",
            "x".repeat(31),
            "x".repeat(5_000),
            "\u0000",
            "\ud800",
            "\ud83d\ude00",
            "\u202eevil",
            "e\u0301",
            "'; DROP TABLE tenants; --",
            "../../etc/passwd",
            "${jndi:ldap://x}",
            "null",
            "-1",
            "\r\nSet-Cookie: x=y");
    private static final List<String> ODD_VALUES = List.of(
            "null",
            "true",
            "0",
            "-1",
            "1e400",
            "9223372036854775808",
            "0.1",
            "[]",
            "{}",
            "[null]",
            "[[[[[[]]]]]]",
            "{\"a\":{\"b\":{}}}",
            "\"\"",
            "\"\\u0000\"",
            "\"\\ud800\"");
    private static final List<String> ODD_TYPES = List.of(
            "text/plain",
            "application/xml",
            "application/json; charset=utf-16",
            "application/json; charset=none",
            "multipart/form-data; boundary=x",
            "application/jsonx",
            "json",
            "*/*");

    private final RandomGenerator random;
    private final List<Operation> operations = new ArrayList<>();

    private record Operation(String path, String method, JsonNode says) {}

    /** @param template the path as the document has it */
    record One(String template, String method, String path, String contentType, String body) {
        @Override
        public String toString() {
            return method + " " + path + " " + contentType + " " + body.substring(0, Math.min(500, body.length()));
        }
    }

    OddRequests(JsonNode contract, RandomGenerator random) {
        this.random = random;
        contract.path("paths")
                .propertyStream()
                .forEach(path -> path.getValue()
                        .propertyStream()
                        .forEach(operation -> operations.add(
                                new Operation(path.getKey(), operation.getKey(), operation.getValue()))));
    }

    One next() {
        Operation operation = pick(operations);
        String path = operation.path();
        while (path.contains("{")) {
            String name = random.nextInt(3) == 0 ? pick(ODD_TEXTS) : pick(NAMES);
            path = path.replaceFirst(
                    "\\{[a-z_]+}", encoded(name.isEmpty() ? " " : name).replace("$", "\\$"));
        }
        path += query(operation.says().path("parameters"));
        JsonNode schema = operation.says().at("/requestBody/content/application~1json/schema");
        return new One(
                operation.path(),
                operation.method(),
                path,
                random.nextInt(12) == 0 ? pick(ODD_TYPES) : "application/json",
                body(schema));
    }

    private String query(JsonNode parameters) {
        StringBuilder query = new StringBuilder();
        for (JsonNode parameter : parameters) {
            if (parameter.path("in").asString().equals("query") && random.nextInt(3) == 0) {
                query.append(query.isEmpty() ? '?' : '&')
                        .append(parameter.path("name").asString())
                        .append('=')
                        .append(encoded(
                                random.nextBoolean() ? pick(ODD_TEXTS) : String.valueOf(random.nextInt(-2, 2000))));
            }
        }
        if (random.nextInt(20) == 0) {
            query.append(query.isEmpty() ? '?' : '&').append("unknown=1&limit=1&limit=2");
        }
        return query.toString();
    }

    private String body(JsonNode schema) {
        String fits = schema.isMissingNode() ? "{}" : value(schema, 0);
        return switch (random.nextInt(14)) {
            case 0 -> "";
            case 1 -> fits.substring(0, random.nextInt(fits.length()));
            case 2 -> pick(ODD_VALUES);
            case 3 -> fits + fits;
            case 4 -> fits.replaceFirst("\\{", "{\"unknown\":1,");
            case 5 -> fits.replaceFirst("\\{(\"[a-z_]+\":)", "{$1 1,$1");
            case 6 -> "[".repeat(100_000);
            case 7 -> "{\"a\":".repeat(2_000) + "1" + "}".repeat(2_000);
            case 8 -> "{\"name\":\"" + "x".repeat(1 << 21) + "\"}";
            default -> fits;
        };
    }

    private String value(JsonNode schema, int depth) {
        if (depth > 0 && random.nextInt(8) == 0) {
            return pick(ODD_VALUES);
        }
        if (schema.has("enum")) {
            return pick(list(schema.path("enum"))).toString();
        }
        String type =
                schema.path("type").isArray() ? "string" : schema.path("type").asString("");
        return switch (type) {
            case "object" -> object(schema, depth);
            case "array" -> "[" + value(schema.path("items"), depth + 1) + "]";
            case "integer", "number" -> String.valueOf(random.nextInt(-1, 70_000));
            case "boolean" -> String.valueOf(random.nextBoolean());
            default -> quoted(random.nextInt(4) == 0 ? pick(ODD_TEXTS) : pick(NAMES));
        };
    }

    private String object(JsonNode schema, int depth) {
        List<String> fields = new ArrayList<>();
        schema.path("properties").propertyStream().forEach(property -> {
            if (random.nextInt(6) != 0) {
                fields.add("\"" + property.getKey() + "\":" + value(property.getValue(), depth + 1));
            }
        });
        return "{" + String.join(",", fields) + "}";
    }

    private static String quoted(String text) {
        StringBuilder json = new StringBuilder("\"");
        text.chars().forEach(unit -> {
            if (unit == '"' || unit == '\\' || unit < ' ' || unit >= 0x7f) {
                json.append("\\u%04x".formatted(unit));
            } else {
                json.append((char) unit);
            }
        });
        return json.append('"').toString();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static List<JsonNode> list(JsonNode array) {
        List<JsonNode> items = new ArrayList<>();
        array.forEach(items::add);
        return items;
    }

    private <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }
}
