package dev.tdb.app.cli;

import java.io.Console;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Where a command prints to: sentences and tables for people, or one JSON document for machines. */
final class Output {
    private static final String CLEAR_LINE = "\r\033[K";

    private static final int PROGRESS_CHARS_MAX = 79;

    private final PrintWriter out;
    private final PrintWriter err;
    private final boolean json;
    private final boolean terminal;
    private String progress = "";

    Output(PrintWriter out, PrintWriter err, boolean json) {
        this.out = out;
        this.err = err;
        this.json = json;
        this.terminal = Optional.ofNullable(System.console())
                .filter(Console::isTerminal)
                .isPresent();
    }

    /** For people only. */
    void line(String text) {
        if (!json) {
            out.println(Terminal.safe(text));
        }
    }

    /** For both: a document as it is. */
    void text(String text) {
        out.println(Terminal.safe(text).stripTrailing());
    }

    /** For machines only. */
    void reply(JsonNode reply) {
        if (json) {
            out.println(Terminal.safe(
                    JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(reply)));
        }
    }

    /** For both: the message of an action, or its reply. */
    void answer(JsonNode reply) {
        reply(reply);
        line(NextStep.asCommands(reply.path("message").asString("")));
    }

    /** For machines only: one of many, on a line of its own, at once. */
    void event(String type, JsonNode event) {
        if (json) {
            out.println(Terminal.safe(JsonMapper.shared()
                    .writeValueAsString(JsonMapper.shared()
                            .createObjectNode()
                            .put("type", type)
                            .setAll((ObjectNode) event))));
            out.flush();
        }
    }

    /**
     * For people: one line that says how far something is, beside what is printed; on a terminal the next one takes its
     * place.
     */
    void progress(String text) {
        if (json || text.equals(progress)) {
            return;
        }
        progress = text;
        String line = Terminal.oneLine(text, PROGRESS_CHARS_MAX);
        if (terminal) {
            err.print(CLEAR_LINE + line);
        } else {
            err.println(line);
        }
        err.flush();
    }

    void endProgress() {
        if (terminal && !progress.isEmpty()) {
            err.print(CLEAR_LINE);
            err.flush();
        }
        progress = "";
    }

    /** A column of a table: its title, and its text for one item. */
    record Column(String title, Function<JsonNode, String> text) {
        /** On one line, whatever is in it. */
        String cell(JsonNode item) {
            return Terminal.oneLine(text.apply(item), Integer.MAX_VALUE);
        }

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
        items.forEach(item -> rows.add(
                List.of(columns).stream().map(column -> column.cell(item)).toList()));
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

    /** For people only: one thing, a line for each column. */
    void record(JsonNode item, Column... columns) {
        int widest = Stream.of(columns)
                .mapToInt(column -> width(column.title()))
                .max()
                .orElse(0);
        for (Column column : columns) {
            line(column.title().toLowerCase(Locale.ROOT)
                    + " ".repeat(widest - width(column.title()) + 2)
                    + column.cell(item));
        }
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
