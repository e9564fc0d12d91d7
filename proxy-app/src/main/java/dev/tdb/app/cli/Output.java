package dev.tdb.app.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Where a command prints to: sentences and tables for people, or one JSON document for machines. */
final class Output {
    private final PrintWriter out;
    private final boolean json;

    Output(PrintWriter out, boolean json) {
        this.out = out;
        this.json = json;
    }

    /** For people only. */
    void line(String text) {
        if (!json) {
            out.println(text);
        }
    }

    /** For machines only. */
    void reply(JsonNode reply) {
        if (json) {
            out.println(JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(reply));
        }
    }

    /** A column of a table: its title, and its text for one item. */
    record Column(String title, Function<JsonNode, String> text) {
        /** The field of that name. */
        static Column of(String title, String field) {
            return new Column(title, item -> item.path(field).asString(""));
        }
    }

    /**
     * For people only.
     *
     * @param nothing what is said of an empty list
     */
    void table(JsonNode items, String nothing, Column... columns) {
        if (items.isEmpty()) {
            line(nothing);
            return;
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of(columns).stream().map(Column::title).toList());
        items.forEach(item -> rows.add(List.of(columns).stream()
                .map(column -> column.text().apply(item))
                .toList()));
        int[] widths = IntStream.range(0, columns.length)
                .map(column -> rows.stream()
                        .mapToInt(row -> width(row.get(column)))
                        .max()
                        .orElse(0))
                .toArray();
        rows.forEach(row -> line(IntStream.range(0, columns.length)
                .mapToObj(column -> row.get(column) + " ".repeat(widths[column] - width(row.get(column))))
                .collect(Collectors.joining("  "))
                .stripTrailing()));
    }

    private static int width(String text) {
        return text.codePointCount(0, text.length());
    }

    /** For people: how to see the rest of a list that has more. */
    void more(JsonNode reply) {
        if (reply.path("has_more").asBoolean(false)) {
            line("… and more: see --limit and --offset");
        }
    }
}
