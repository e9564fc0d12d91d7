import com.palantir.javaformat.java.Formatter;
import com.palantir.javaformat.java.FormatterException;
import com.palantir.javaformat.java.JavaFormatterOptions;
import com.palantir.javaformat.java.JavaFormatterOptions.Style;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * Checks or mends the format of all Java sources: {@code java Format.java check|fix <root> <memory>}.
 *
 * <p>Files found in order are noted in the memory (path, size, time), so a build looks only at what has changed.
 */
final class Format {
    private static final Set<String> SKIPPED_FOLDERS = Set.of("target", ".git", ".tdb", "node_modules");

    private final Formatter formatter = Formatter.createFormatter(
            JavaFormatterOptions.builder().style(Style.PALANTIR).build());
    private final Path root;

    private Format(Path root) {
        this.root = root;
    }

    public static void main(String[] args) throws IOException {
        if (args.length != 3) {
            throw new IllegalArgumentException("expected: check|fix <root> <memory>");
        }
        boolean fix = args[0].equals("fix");
        Path memory = Path.of(args[2]);
        Format format = new Format(Path.of(args[1]).toRealPath());

        Set<String> known = Files.exists(memory) ? Set.copyOf(Files.readAllLines(memory)) : Set.of();
        List<Path> changed = format.sources().stream()
                .filter(source -> !known.contains(format.mark(source)))
                .toList();
        List<String> findings = changed.parallelStream()
                .map(source -> format.visit(source, fix))
                .filter(Objects::nonNull)
                .sorted()
                .toList();

        Path verdict = memory.resolveSibling("unformatted");
        Files.deleteIfExists(verdict);
        if (findings.isEmpty()) {
            Files.createDirectories(memory.getParent());
            Files.write(
                    memory,
                    new TreeSet<>(format.sources().stream().map(format::mark).toList()));
            return;
        }
        findings.forEach(System.err::println);
        Files.createDirectories(verdict.getParent());
        Files.write(verdict, findings); // the build fails while this file is there
    }

    private List<Path> sources() throws IOException {
        List<Path> sources = new ArrayList<>();
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                boolean skipped = SKIPPED_FOLDERS.contains(folder.getFileName().toString());
                return skipped ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (attributes.isRegularFile() && file.toString().endsWith(".java")) {
                    sources.add(file);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException problem) throws IOException {
                if (problem instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE; // somebody else has just deleted it
                }
                throw problem;
            }
        });
        return sources;
    }

    /** What is wrong with the source, or null. */
    private String visit(Path source, boolean fix) {
        String name = root.relativize(source).toString();
        try {
            String text = Files.readString(source);
            String formatted = formatter.formatSourceAndFixImports(text);
            if (formatted.equals(text)) {
                return null;
            }
            if (!fix) {
                return "  " + name;
            }
            Files.writeString(source, formatted);
            System.out.println("formatted " + name);
            return null;
        } catch (FormatterException problem) {
            return "  " + name + " cannot be read as Java:\n    " + problem.getMessage();
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    private String mark(Path source) {
        try {
            return root.relativize(source) + " " + Files.size(source) + " "
                    + Files.getLastModifiedTime(source).toMillis();
        } catch (IOException problem) {
            return source + " is gone";
        }
    }
}
