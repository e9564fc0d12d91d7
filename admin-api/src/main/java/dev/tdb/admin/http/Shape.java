package dev.tdb.admin.http;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** What a value in a request may be: checked on arrival, and shown as a schema in the contract. */
public sealed interface Shape {
    /** What was expected instead of {@code value}; empty when it fits. */
    Optional<String> complaint(JsonNode value);

    /** As JSON Schema. */
    Map<String, Object> schema();

    static Text text(int charsMax) {
        return new Text(charsMax, false);
    }

    /** Text of 1 to {@code charsMax} UTF-16 units without control characters; {@code lines}: line breaks and tabs may be. */
    record Text(int charsMax, boolean lines) implements Shape {
        @Override
        public Optional<String> complaint(JsonNode value) {
            if (!value.isString()) {
                return Optional.of("text");
            }
            String text = value.stringValue();
            if (text.isEmpty() || text.length() > charsMax) {
                return Optional.of("text of 1 to " + charsMax + " characters");
            }
            return text.codePoints().allMatch(this::isPlain)
                    ? Optional.empty()
                    : Optional.of("text without control characters");
        }

        private boolean isPlain(int point) {
            boolean lineBreak = lines && (point == '\n' || point == '\r' || point == '\t');
            boolean loneSurrogate = point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
            return lineBreak || !(Character.isISOControl(point) || loneSurrogate);
        }

        @Override
        public Map<String, Object> schema() {
            return Map.of("type", "string", "minLength", 1, "maxLength", charsMax);
        }
    }

    /** One of a few words. */
    record Word(List<String> words) implements Shape {
        public static Word of(String... words) {
            return new Word(List.of(words));
        }

        @Override
        public Optional<String> complaint(JsonNode value) {
            return value.isString() && words.contains(value.stringValue())
                    ? Optional.empty()
                    : Optional.of("one of " + String.join(", ", words));
        }

        @Override
        public Map<String, Object> schema() {
            return Map.of("type", "string", "enum", words);
        }
    }

    /** A whole number, both ends included. */
    record Whole(long min, long max) implements Shape {
        @Override
        public Optional<String> complaint(JsonNode value) {
            boolean fits = value.isIntegralNumber()
                    && value.canConvertToLong()
                    && value.longValue() >= min
                    && value.longValue() <= max;
            return fits ? Optional.empty() : Optional.of("a whole number from " + min + " to " + max);
        }

        @Override
        public Map<String, Object> schema() {
            return Map.of("type", "integer", "minimum", min, "maximum", max);
        }
    }

    /** true or false. */
    record Flag() implements Shape {
        @Override
        public Optional<String> complaint(JsonNode value) {
            return value.isBoolean() ? Optional.empty() : Optional.of("true or false");
        }

        @Override
        public Map<String, Object> schema() {
            return Map.of("type", "boolean");
        }
    }

    /** A duration as {@link Spans} reads it. */
    record Span() implements Shape {
        @Override
        public Optional<String> complaint(JsonNode value) {
            boolean fits = value.isString()
                    ? Spans.parse(value.stringValue()).isPresent()
                    : value.isNumber() && Spans.ofSeconds(value.decimalValue()).isPresent();
            return fits ? Optional.empty() : Optional.of("a duration such as \"10s\" or \"500ms\"");
        }

        @Override
        public Map<String, Object> schema() {
            return Map.of(
                    "description",
                            "a number with a unit of ms, s, m, h or d, such as \"10s\"; a bare number is seconds",
                    "type", List.of("string", "number"),
                    "examples", List.of("10s", "500ms"));
        }
    }

    /** A moment, RFC 3339. */
    record Moment() implements Shape {
        @Override
        public Optional<String> complaint(JsonNode value) {
            try {
                if (value.isString()) {
                    Instant.parse(value.stringValue());
                    return Optional.empty();
                }
            } catch (DateTimeParseException _) {
                // Said below.
            }
            return Optional.of("a time such as 2026-02-03T17:10:59Z");
        }

        @Override
        public Map<String, Object> schema() {
            return Map.of("type", "string", "format", "date-time");
        }
    }

    /** How a tenant is kept apart: 1 or 2, {@code "L1"} or {@code "L2"}. */
    record Level() implements Shape {
        @Override
        public Optional<String> complaint(JsonNode value) {
            return of(value).isPresent() ? Optional.empty() : Optional.of("1 (shared) or 2 (dedicated)");
        }

        static Optional<Integer> of(JsonNode value) {
            return switch (value.isNumber() || value.isString() ? value.asString() : "") {
                case "1", "L1", "l1" -> Optional.of(1);
                case "2", "L2", "l2" -> Optional.of(2);
                default -> Optional.empty();
            };
        }

        @Override
        public Map<String, Object> schema() {
            return Map.of("enum", List.of(1, 2, "L1", "L2"));
        }
    }

    /** A list of 1 to {@code countMax} values of one shape. */
    record ListOf(Shape item, int countMax) implements Shape {
        @Override
        public Optional<String> complaint(JsonNode value) {
            return value.isArray() && !value.isEmpty() && value.size() <= countMax
                    ? Optional.empty()
                    : Optional.of("a list of 1 to " + countMax);
        }

        @Override
        public Map<String, Object> schema() {
            return Map.of("type", "array", "items", item.schema(), "minItems", 1, "maxItems", countMax);
        }
    }

    /** An object with known fields and no others. */
    record ObjectOf(List<Field> fields) implements Shape {
        public static ObjectOf of(Field... fields) {
            return new ObjectOf(List.of(fields));
        }

        @Override
        public Optional<String> complaint(JsonNode value) {
            return value.isObject() ? Optional.empty() : Optional.of("an object");
        }

        @Override
        public Map<String, Object> schema() {
            Map<String, Object> properties = new LinkedHashMap<>();
            fields.forEach(field -> properties.put(field.name(), field.schema()));
            Map<String, Object> schema = new LinkedHashMap<>();
            schema.put("type", "object");
            schema.put("additionalProperties", false);
            schema.put("properties", properties);
            List<String> required =
                    fields.stream().filter(Field::required).map(Field::name).toList();
            if (!required.isEmpty()) {
                schema.put("required", required);
            }
            return schema;
        }
    }
}
