package dev.tdb.local;

import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The programs of one PostgreSQL, version 15 or newer: {@code postgres} and {@code initdb}; no others are needed.
 *
 * @param directory the folder that they are in
 * @param version as PostgreSQL says it, such as "18.6"
 */
public record PostgresBinaries(Path directory, String version) {
    private static final Pattern VERSION = Pattern.compile("\\(PostgreSQL\\) (\\d+)(\\S*)");
    private static final Duration VERSION_PATIENCE = Duration.ofSeconds(20);
    private static final int MAJOR_MIN = 15;

    /**
     * The ones that come with tdb, from the class path.
     *
     * @param cache where they are unpacked once for all processes of this machine; shared with other servers' programs
     */
    public static PostgresBinaries embedded(Path cache, Progress progress) {
        String resource = "postgres-" + system() + "-" + architecture() + ".txz";
        URL archive = PostgresBinaries.class.getClassLoader().getResource(resource);
        if (archive == null) {
            throw new LocalServerException("there is no embedded PostgreSQL for this machine (" + resource
                    + " on the class path); install PostgreSQL and name its bin folder");
        }
        return in(UnpackedArchive.of(archive, "PostgreSQL", cache, progress).resolve("bin"));
    }

    /** The ones in a folder of this machine, such as {@code /usr/lib/postgresql/17/bin}. */
    public static PostgresBinaries in(Path directory) {
        try {
            Path real = directory.toRealPath();
            for (String program : List.of("postgres", "initdb")) {
                if (!Files.isExecutable(real.resolve(program))) {
                    throw new LocalServerException(real + " has no program " + program);
                }
            }
            return new PostgresBinaries(real, versionOf(real.resolve("postgres")));
        } catch (IOException e) {
            throw new LocalServerException("there is no PostgreSQL in " + directory, e);
        }
    }

    /** The ones that the PATH of this process leads to, if any. */
    public static Optional<PostgresBinaries> onPath() {
        return Executables.onPath("postgres").map(program -> {
            try {
                return in(program.toRealPath().resolveSibling("."));
            } catch (IOException e) {
                throw new LocalServerException("cannot follow " + program, e);
            }
        });
    }

    /** The number that tells which data directories these programs understand. */
    public int major() {
        return Integer.parseInt(version.replaceFirst("\\D.*", ""));
    }

    Path program(String name) {
        return directory.resolve(name);
    }

    private static String versionOf(Path postgres) {
        ShortCommand.Outcome outcome =
                ShortCommand.run(List.of(postgres.toString(), "--version"), Path.of("/"), VERSION_PATIENCE);
        Matcher matcher = VERSION.matcher(outcome.text());
        if (!outcome.succeeded() || !matcher.find()) {
            throw new LocalServerException(postgres + " does not work on this machine: " + outcome.text());
        }
        if (Integer.parseInt(matcher.group(1)) < MAJOR_MIN) {
            throw new LocalServerException(
                    postgres + " is " + outcome.text() + "; PostgreSQL " + MAJOR_MIN + " or newer is needed");
        }
        return matcher.group(1) + matcher.group(2);
    }

    private static String system() {
        String name = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        return name.startsWith("mac") ? "darwin" : name.replace(' ', '_');
    }

    private static String architecture() {
        String name = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        return switch (name) {
            case "amd64", "x86_64" -> "x86_64";
            case "aarch64", "arm64" -> "arm_64";
            default -> name;
        };
    }
}
