package dev.tdb.app.config;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * One section of a configuration file while it is read. Whatever is asked for and unfit is noted, and answered with
 * something that fits, so that all mistakes of a file are found in one go.
 */
final class Section {
    private final String path;
    private final int line;
    private final Path folder;
    private final List<Mistake> mistakes;
    private final Map<String, Node> values = new LinkedHashMap<>();
    private final Map<String, Integer> lines = new LinkedHashMap<>();
    private final TreeSet<String> known = new TreeSet<>();

    /**
     * @param line where it begins, from 1; 0 for the file itself
     * @param folder what relative paths are relative to
     */
    Section(String path, int line, Optional<Node> node, Path folder, List<Mistake> mistakes) {
        this.path = path;
        this.line = line;
        this.folder = folder;
        this.mistakes = mistakes;
        node.ifPresent(this::read);
    }

    private void read(Node node) {
        if (!(node instanceof MappingNode mapping)) {
            mistakes.add(new Mistake(line(node), path, "is no section, expected keys with values"));
            return;
        }
        for (NodeTuple entry : mapping.getValue()) {
            if (entry.getKeyNode() instanceof ScalarNode key) {
                values.put(key.getValue(), entry.getValueNode());
                lines.put(key.getValue(), line(key));
            }
        }
    }

    private static int line(Node node) {
        return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
    }

    private String full(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    void mistake(String key, String says) {
        mistakes.add(new Mistake(lines.getOrDefault(key, line), full(key), says));
    }

    boolean has(String key) {
        known.add(key);
        return values.containsKey(key);
    }

    Section section(String key) {
        known.add(key);
        return new Section(
                full(key), lines.getOrDefault(key, line), Optional.ofNullable(values.get(key)), folder, mistakes);
    }

    /** The text of a key; empty when it is absent or has no text. */
    Optional<String> text(String key) {
        known.add(key);
        Node node = values.get(key);
        if (node == null) {
            return Optional.empty();
        }
        if (node instanceof ScalarNode scalar) {
            return Optional.of(scalar.getValue().strip());
        }
        mistake(key, "expected one value");
        return Optional.empty();
    }

    String required(String key, String expected) {
        if (!has(key)) {
            mistake(key, "is missing, expected " + expected);
            return "";
        }
        return text(key).orElse("");
    }

    <T> T read(String key, T standard, Function<String, Optional<T>> parser, String expected) {
        return text(key)
                .flatMap(text -> {
                    Optional<T> value = parser.apply(text);
                    if (value.isEmpty()) {
                        mistake(key, "is '" + text + "', expected " + expected);
                    }
                    return value;
                })
                .orElse(standard);
    }

    Duration duration(String key, Duration standard, Duration min, Duration max) {
        return read(
                key,
                standard,
                text -> Units.duration(text).filter(found -> found.compareTo(min) >= 0 && found.compareTo(max) <= 0),
                "a duration from " + Units.ofDuration(min) + " to " + Units.ofDuration(max) + ", such as 5s or 500ms");
    }

    long size(String key, long standard, long min, long max) {
        return read(
                key,
                standard,
                text -> Units.size(text).filter(found -> found >= min && found <= max),
                "a size from " + Units.ofSize(min) + " to " + Units.ofSize(max) + ", such as 16MiB or 512KiB");
    }

    int whole(String key, int standard, int min, int max) {
        return read(
                key,
                standard,
                text -> text.matches("[0-9]{1,9}")
                        ? Optional.of(Integer.parseInt(text)).filter(found -> found >= min && found <= max)
                        : Optional.empty(),
                "a whole number from " + min + " to " + max);
    }

    boolean flag(String key, boolean standard) {
        return read(
                key,
                standard,
                text -> text.equals("true") || text.equals("false")
                        ? Optional.of(text.equals("true"))
                        : Optional.empty(),
                "true or false");
    }

    <T> T word(String key, T standard, Map<String, T> words) {
        return read(
                key,
                standard,
                text -> Optional.ofNullable(words.get(text)),
                "one of " + String.join(", ", words.keySet()));
    }

    HostAndPort address(String key, HostAndPort standard) {
        return read(key, standard, HostAndPort::parse, "host:port, such as 0.0.0.0:5432 or [::]:5432");
    }

    /** A path that need not be there. */
    Path path(String key, Path standard) {
        return read(
                key,
                standard,
                text -> {
                    try {
                        return text.isEmpty() ? Optional.empty() : Optional.of(folder.resolve(text));
                    } catch (InvalidPathException _) {
                        return Optional.empty();
                    }
                },
                "a path");
    }

    /** A file that must be there. */
    Path file(String key) {
        Path file = path(key, folder.resolve(key));
        if (!has(key)) {
            mistake(key, "is missing, expected the path of a file");
        } else if (!Files.isReadable(file)) {
            mistake(key, "is '" + file + "', expected a file that can be read");
        }
        return file;
    }

    List<String> texts(String key) {
        known.add(key);
        Node node = values.get(key);
        return switch (node) {
            case null -> List.of();
            case SequenceNode list -> items(key, list.getValue());
            default -> {
                mistake(key, "expected a list, such as [a, b]");
                yield List.of();
            }
        };
    }

    private List<String> items(String key, Collection<Node> nodes) {
        List<String> texts = new ArrayList<>();
        for (Node node : nodes) {
            if (node instanceof ScalarNode scalar) {
                texts.add(scalar.getValue().strip());
            } else {
                mistake(key, "expected a list of plain values");
            }
        }
        return texts;
    }

    /** Notes every key that nobody asked for. */
    void end() {
        Stream.of(values.keySet())
                .flatMap(Collection::stream)
                .filter(key -> !known.contains(key))
                .forEach(key -> mistake(
                        key, "is not known here, expected " + known.stream().collect(Collectors.joining(", "))));
    }
}
