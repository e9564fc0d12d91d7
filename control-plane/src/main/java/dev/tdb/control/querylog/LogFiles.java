package dev.tdb.control.querylog;

import dev.tdb.proxy.observe.QueryEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteOpenMode;

/**
 * The files of the query log: SQLite, one a day (UTC), and one more of the same day when it has grown large. An entry is
 * in the file of the time at which it was written.
 */
final class LogFiles {
    private static final Pattern NAME = Pattern.compile("(\\d{4}-\\d{2}-\\d{2})\\.(\\d{4})\\.db");
    private static final int BUSY_MILLIS = 5_000;

    /** So that the disk limit can be kept by removing whole files. */
    private static final int FILES_WITHIN_LIMIT = 8;

    private static final String[] SCHEMA = {
        "CREATE TABLE tenants (no INTEGER PRIMARY KEY, project TEXT NOT NULL, tenant TEXT NOT NULL,"
                + " UNIQUE (project, tenant))",
        "CREATE TABLE entries (id INTEGER PRIMARY KEY, tenant_no INTEGER NOT NULL, at_us INTEGER NOT NULL, blueprint"
            + " TEXT NOT NULL, engine TEXT NOT NULL, source TEXT NOT NULL, login TEXT NOT NULL, client TEXT NOT NULL,"
            + " query TEXT NOT NULL, error_code TEXT NOT NULL, error TEXT NOT NULL, slow INTEGER NOT NULL, duration_ns"
            + " INTEGER NOT NULL, held_ns INTEGER NOT NULL, row_count INTEGER NOT NULL, bytes INTEGER NOT NULL)",
        "CREATE INDEX entries_of_tenant ON entries (tenant_no, at_us)",
        "CREATE INDEX errors_of_tenant ON entries (tenant_no, at_us) WHERE error_code <> ''",
        "CREATE INDEX slow_of_tenant ON entries (tenant_no, at_us) WHERE slow = 1",
        "CREATE TABLE rollups (tenant_no INTEGER NOT NULL, slot INTEGER NOT NULL, source TEXT NOT NULL,"
                + " bucket INTEGER NOT NULL, count INTEGER NOT NULL, failed INTEGER NOT NULL, slow INTEGER NOT NULL,"
                + " sum_ns INTEGER NOT NULL, max_ns INTEGER NOT NULL,"
                + " PRIMARY KEY (tenant_no, slot, source, bucket)) WITHOUT ROWID"
    };

    private final QueryLogSettings settings;

    LogFiles(QueryLogSettings settings) {
        this.settings = settings;
    }

    /** One file. */
    record LogFile(Path path, LocalDate day, int part) {
        /** What the ids of its entries begin with. */
        String stem() {
            return LogFiles.stem(day, part);
        }
    }

    private static String stem(LocalDate day, int part) {
        return "%s.%04d".formatted(day, part);
    }

    static String word(QueryEvent.Source source) {
        return source.name().toLowerCase(Locale.ROOT);
    }

    /** Newest first. */
    List<LogFile> list() throws IOException {
        if (!Files.isDirectory(settings.directory())) {
            return List.of();
        }
        try (Stream<Path> paths = Files.list(settings.directory())) {
            return paths.map(LogFiles::parse)
                    .flatMap(Optional::stream)
                    .sorted(Comparator.comparing(LogFile::stem).reversed())
                    .toList();
        }
    }

    private static Optional<LogFile> parse(Path path) {
        Matcher name = NAME.matcher(String.valueOf(path.getFileName()));
        return name.matches()
                ? Optional.of(new LogFile(path, LocalDate.parse(name.group(1)), Integer.parseInt(name.group(2))))
                : Optional.empty();
    }

    /** The file to write to now: that of today, or the next one when that has grown large. */
    LogFile current(Instant now) throws IOException {
        Files.createDirectories(settings.directory());
        LocalDate today = now.atOffset(ZoneOffset.UTC).toLocalDate();
        Optional<LogFile> newest =
                list().stream().filter(file -> file.day().equals(today)).findFirst();
        if (newest.isPresent() && size(newest.get()) < settings.bytesMax() / FILES_WITHIN_LIMIT) {
            return newest.get();
        }
        int part = newest.map(file -> file.part() + 1).orElse(1);
        return new LogFile(settings.directory().resolve(stem(today, part) + ".db"), today, part);
    }

    /** Opens a file that exists; one that was removed in the meantime is not made again. */
    Connection open(LogFile file) throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.resetOpenMode(SQLiteOpenMode.CREATE);
        config.setJournalMode(JournalMode.WAL);
        // A crash of the machine may cost the last moments of the log, never the file.
        config.setSynchronous(SynchronousMode.NORMAL);
        config.setBusyTimeout(BUSY_MILLIS);
        return config.createConnection("jdbc:sqlite:" + file.path());
    }

    /** Opens a file, which has its tables from the moment on at which readers find it. */
    Connection openForWriting(LogFile file) throws SQLException, IOException {
        if (!Files.exists(file.path())) {
            make(file);
        }
        Connection connection = open(file);
        connection.setAutoCommit(false);
        return connection;
    }

    private static void make(LogFile file) throws SQLException, IOException {
        Path unready = file.path().resolveSibling(file.stem() + ".new");
        Files.deleteIfExists(unready);
        try (Connection connection = new SQLiteConfig().createConnection("jdbc:sqlite:" + unready);
                Statement statement = connection.createStatement()) {
            for (String sql : SCHEMA) {
                statement.execute(sql);
            }
        }
        Files.move(unready, file.path(), StandardCopyOption.ATOMIC_MOVE);
    }

    /** Removes what is older than the retention, and then the oldest until the rest fits the disk limit. */
    void prune(Instant now, LogFile current) throws IOException {
        LocalDate oldest = now.atOffset(ZoneOffset.UTC).toLocalDate().minusDays(settings.retentionDays());
        long bytes = 0;
        for (LogFile file : list()) {
            bytes += size(file);
            boolean tooMuch = bytes > settings.bytesMax() || file.day().isBefore(oldest);
            if (tooMuch && !file.stem().equals(current.stem())) {
                delete(file);
            }
        }
    }

    static long size(LogFile file) throws IOException {
        long bytes = 0;
        for (Path path : parts(file)) {
            bytes += Files.exists(path) ? Files.size(path) : 0;
        }
        return bytes;
    }

    private static void delete(LogFile file) throws IOException {
        for (Path path : parts(file)) {
            Files.deleteIfExists(path);
        }
    }

    private static List<Path> parts(LogFile file) {
        String name = String.valueOf(file.path().getFileName());
        return List.of(
                file.path(),
                file.path().resolveSibling(name + "-wal"),
                file.path().resolveSibling(name + "-shm"));
    }
}
