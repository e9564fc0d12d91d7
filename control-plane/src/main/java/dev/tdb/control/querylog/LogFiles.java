package dev.tdb.control.querylog;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;
import org.sqlite.SQLiteOpenMode;

/**
 * The files of the query log: SQLite, one a day (UTC), and one more of the same day when it has grown large. An entry is
 * in the file of the time at which it was written.
 */
final class LogFiles {
    private static final Pattern NAME = Pattern.compile("(\\d{4}-\\d{2}-\\d{2})\\.(\\d{4})\\.db");
    private static final int BUSY_MILLIS = 5_000;
    private static final int PAGE_BYTES = 4096;

    /** So that the disk limit can be kept by removing whole files. */
    private static final int FILES_WITHIN_LIMIT = 8;

    /** Of the write-ahead log before it is brought into the file: pages that many batches touch are written once. */
    private static final long WAL_BYTES_MAX = 64L << 20;

    /** The pages that each of a thousand busy tenants writes to, so that none is written twice for one batch. */
    private static final int WRITER_CACHE_KIB = 64 << 10;

    /** Grows with each change of the tables: a file of another layout is neither read nor written. */
    private static final int LAYOUT = 4;

    private static final List<String> SCHEMA = List.of(
            "PRAGMA user_version = " + LAYOUT,
            "CREATE TABLE tenants (no INTEGER PRIMARY KEY, project TEXT NOT NULL, tenant TEXT NOT NULL,"
                    + " UNIQUE (project, tenant))",
            "CREATE TABLE origins (no INTEGER PRIMARY KEY, blueprint TEXT NOT NULL, engine TEXT NOT NULL,"
                    + " login TEXT NOT NULL, UNIQUE (blueprint, engine, login))",
            "CREATE TABLE blocks (id INTEGER PRIMARY KEY, count INTEGER NOT NULL, ended_us INTEGER NOT NULL,"
                    + " failed INTEGER NOT NULL, slow INTEGER NOT NULL, api INTEGER NOT NULL, data BLOB NOT NULL)",
            "CREATE INDEX failed_blocks ON blocks (id) WHERE failed > 0",
            "CREATE INDEX slow_blocks ON blocks (id) WHERE slow > 0",
            "CREATE INDEX api_blocks ON blocks (id) WHERE api > 0",
            "CREATE TABLE rollups (tenant_no INTEGER NOT NULL, slot INTEGER NOT NULL, api INTEGER NOT NULL,"
                    + " count INTEGER NOT NULL, failed INTEGER NOT NULL, slow INTEGER NOT NULL,"
                    + " held INTEGER NOT NULL, sum_ns INTEGER NOT NULL, max_ns INTEGER NOT NULL,"
                    + " latencies BLOB NOT NULL, PRIMARY KEY (tenant_no, slot, api)) WITHOUT ROWID");

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

    /**
     * The file to write to now: that of today, or the next one when that has grown large.
     *
     * @param spoilt stems of files that cannot be written
     */
    LogFile current(Instant now, Set<String> spoilt) throws IOException {
        Files.createDirectories(settings.directory());
        LocalDate today = now.atOffset(ZoneOffset.UTC).toLocalDate();
        Optional<LogFile> newest =
                list().stream().filter(file -> file.day().equals(today)).findFirst();
        if (newest.isPresent()
                && size(newest.get()) < settings.bytesMax() / FILES_WITHIN_LIMIT
                && !spoilt.contains(newest.get().stem())) {
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
        Connection connection = config.createConnection("jdbc:sqlite:" + file.path());
        try (Statement statement = connection.createStatement();
                ResultSet layout = statement.executeQuery("PRAGMA user_version")) {
            if (layout.getInt(1) != LAYOUT) {
                throw new SQLiteException(
                        file.path() + " has layout " + layout.getInt(1) + ", not " + LAYOUT,
                        SQLiteErrorCode.SQLITE_NOTADB);
            }
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /** Whether a file cannot be used, now or later. */
    static boolean isSpoilt(SQLException e) {
        return e instanceof SQLiteException fault
                && (fault.getResultCode() == SQLiteErrorCode.SQLITE_NOTADB
                        || fault.getResultCode() == SQLiteErrorCode.SQLITE_CORRUPT);
    }

    /** Opens a file, which has its tables from the moment on at which readers find it. */
    Connection openForWriting(LogFile file) throws SQLException, IOException {
        if (!Files.exists(file.path())) {
            make(file);
        }
        Connection connection = open(file);
        try (Statement statement = connection.createStatement()) {
            long walBytesMax = Math.min(WAL_BYTES_MAX, settings.bytesMax() / FILES_WITHIN_LIMIT / 2);
            statement.execute("PRAGMA wal_autocheckpoint = " + walBytesMax / PAGE_BYTES);
            statement.execute("PRAGMA journal_size_limit = " + walBytesMax);
            statement.execute("PRAGMA cache_size = -" + WRITER_CACHE_KIB);
            statement.execute("PRAGMA cache_spill = OFF");
            connection.setAutoCommit(false);
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
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

    /** What the log takes on the disk. */
    long size() throws IOException {
        long bytes = 0;
        for (LogFile file : list()) {
            bytes += size(file);
        }
        return bytes;
    }

    private static long size(LogFile file) throws IOException {
        long bytes = 0;
        for (Path path : parts(file)) {
            try {
                bytes += Files.size(path);
            } catch (NoSuchFileException _) {
                // A file that nobody has open has no other parts, and one whose time is over is gone.
            }
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
