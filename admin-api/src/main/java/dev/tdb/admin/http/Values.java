package dev.tdb.admin.http;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** An object of a request that has been checked against its {@link Field}s. */
public final class Values {
    private final ObjectNode values;

    private Values(ObjectNode values) {
        this.values = values;
    }

    /**
     * @param noun what the fields are called in sentences: "field" or "parameter"
     * @param path where the object stands, empty for the body itself; ends with a dot otherwise
     * @throws Failure {@code bad_request} that names the first field that is unknown, missing or unfit
     */
    static Values checked(String noun, String path, ObjectNode object, List<Field> fields) {
        for (String name : object.propertyNames()) {
            if (fields.stream().noneMatch(field -> field.name().equals(name))) {
                throw Failure.badRequest("unknown " + noun + " '" + path + Shown.of(name) + "'" + expected(fields));
            }
        }
        for (Field field : fields) {
            JsonNode value = object.get(field.name());
            if (value == null || value.isNull()) {
                if (field.required()) {
                    throw Failure.badRequest(noun + " '" + path + field.name() + "' is missing");
                }
                object.remove(field.name());
            } else {
                check(noun, path + field.name(), value, field.shape());
            }
        }
        return new Values(object);
    }

    private static void check(String noun, String path, JsonNode value, Shape shape) {
        shape.complaint(value).ifPresent(expected -> {
            throw Failure.badRequest(
                    noun + " '" + path + "' is " + Shown.of(value.toString()) + ", expected " + expected);
        });
        switch (shape) {
            case Shape.ListOf(Shape item, int _) -> {
                for (int index = 0; index < value.size(); index++) {
                    check(noun, path + "[" + index + "]", value.get(index), item);
                }
            }
            case Shape.ObjectOf(List<Field> fields) -> checked(noun, path + ".", (ObjectNode) value, fields);
            case Shape.Text _,
                    Shape.Word _,
                    Shape.Whole _,
                    Shape.Flag _,
                    Shape.Span _,
                    Shape.Moment _,
                    Shape.Level _ -> {
                // Nothing inside.
            }
        }
    }

    private static String expected(List<Field> fields) {
        return fields.isEmpty()
                ? ": none are taken here"
                : ", expected "
                        + String.join(", ", fields.stream().map(Field::name).toList());
    }

    /** A required text. */
    public String text(String name) {
        return values.required(name).stringValue();
    }

    public Optional<String> textIfAny(String name) {
        return values.optional(name).map(JsonNode::stringValue);
    }

    public int whole(String name) {
        return values.required(name).intValue();
    }

    public Optional<Integer> wholeIfAny(String name) {
        return values.optional(name).map(JsonNode::intValue);
    }

    /** Whether a flag is there and true. */
    public boolean flag(String name) {
        return values.optional(name).map(JsonNode::booleanValue).orElse(false);
    }

    public Optional<Boolean> flagIfAny(String name) {
        return values.optional(name).map(JsonNode::booleanValue);
    }

    public Optional<Duration> spanIfAny(String name) {
        return values.optional(name)
                .flatMap(value ->
                        value.isString() ? Spans.parse(value.stringValue()) : Spans.ofSeconds(value.decimalValue()));
    }

    public Optional<Instant> momentIfAny(String name) {
        return values.optional(name).map(value -> Instant.parse(value.stringValue()));
    }

    public Optional<Integer> levelIfAny(String name) {
        return values.optional(name).flatMap(Shape.Level::of);
    }

    /** The texts of a list; empty when it is absent. */
    public List<String> texts(String name) {
        return items(name).stream().map(JsonNode::stringValue).toList();
    }

    public Optional<Values> objectIfAny(String name) {
        return values.optional(name).map(object -> new Values((ObjectNode) object));
    }

    /** The objects of a list; empty when it is absent. */
    public List<Values> objects(String name) {
        return items(name).stream().map(item -> new Values((ObjectNode) item)).toList();
    }

    private List<JsonNode> items(String name) {
        return values.optional(name).map(list -> List.copyOf(list.values())).orElse(List.of());
    }
}
