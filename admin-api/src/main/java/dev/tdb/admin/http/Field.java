package dev.tdb.admin.http;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A named value in a request: in its body, or behind the question mark.
 *
 * @param meaning for people, in the contract
 */
public record Field(String name, Shape shape, boolean required, String meaning) {
    public static Field required(String name, Shape shape, String meaning) {
        return new Field(name, shape, true, meaning);
    }

    public static Field optional(String name, Shape shape, String meaning) {
        return new Field(name, shape, false, meaning);
    }

    Map<String, Object> schema() {
        Map<String, Object> schema = new LinkedHashMap<>(shape.schema());
        schema.merge("description", meaning, (shapes, own) -> own + "; " + shapes);
        return schema;
    }
}
