package dev.tdb.control.querylog;

import dev.tdb.control.ControlException;
import dev.tdb.control.ErrorCode;
import dev.tdb.proxy.credential.ProjectId;
import dev.tdb.proxy.observe.QueryEvents;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the query log of one tenant. */
public final class QueryLog {
    private static final Logger log = LoggerFactory.getLogger(QueryLog.class);
    private static final int LIMIT_MAX = 1000;
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration WEEK = Duration.ofDays(7);

    /** A search for an unlucky text can be a long one, and nobody waits for it that long. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final LogFiles files;
    private final QueryEvents events;
    private final QueryLogWriter writer;
    private final InstantSource clock;
    private final Duration patience;
    private final Set<String> leftOut = ConcurrentHashMap.newKeySet();

    public QueryLog(QueryLogSettings settings, QueryEvents events, QueryLogWriter writer, InstantSource clock) {
        this(settings, events, writer, clock, PATIENCE);
    }

    /** @param patience how long one question may take */
    QueryLog(
            QueryLogSettings settings,
            QueryEvents events,
            QueryLogWriter writer,
            InstantSource clock,
            Duration patience) {
        this.files = new LogFiles(settings);
        this.events = events;
        this.writer = writer;
        this.clock = clock;
        this.patience = patience;
    }

    public void bindTo(MeterRegistry registry) {
        FunctionCounter.builder("control.querylog.entries.written", writer, QueryLogWriter::written)
                .description("entries of the query log that were written")
                .register(registry);
        FunctionCounter.builder("control.querylog.entries.lost", writer, QueryLogWriter::lost)
                .description("entries of the query log that the disk did not take")
                .register(registry);
        Gauge.builder("control.querylog.size", this, QueryLog::size)
                .baseUnit("bytes")
                .description("what the query log takes on the disk")
                .register(registry);
    }

    private double size() {
        try {
            return files.size();
        } catch (IOException e) {
            return Double.NaN;
        }
    }

    /** Newest first. */
    public LogPage search(ProjectId project, String tenant, LogFilter filter) {
        if (filter.limit() < 1 || filter.limit() > LIMIT_MAX) {
            throw ControlException.badRequest("limit must be between 1 and " + LIMIT_MAX);
        }
        if (filter.offset() < 0) {
            throw ControlException.badRequest("offset must not be negative");
        }
        @Nullable EntryId before = before(filter);
        List<LogEntry> found = new ArrayList<>();
        int wanted = filter.limit() + 1;
        int[] toSkip = {filter.offset()};
        Deadline deadline = Deadline.in(patience);
        overFiles(project, tenant, filter.since(), (file, connection, tenantNo) -> {
            int past = before == null ? -1 : file.stem().compareTo(before.stem());
            if (past > 0) {
                return true;
            }
            if (past == 0 && before != null && EntryId.tenantNo(before.row()) != tenantNo) {
                throw ControlException.badRequest("before is no entry of this tenant");
            }
            long below = past == 0 && before != null ? before.row() : Long.MAX_VALUE;
            try (TenantBlocks blocks = new TenantBlocks(connection, tenantNo, deadline)) {
                LogSearch search = new LogSearch(file, connection, blocks, filter);
                LogSearch.Found here = search.find(wanted - found.size(), toSkip[0], below);
                found.addAll(here.entries());
                toSkip[0] -= here.skipped();
            }
            return found.size() < wanted;
        });
        boolean more = found.size() > filter.limit();
        return new LogPage(more ? found.subList(0, filter.limit()) : found, more);
    }

    private static @Nullable EntryId before(LogFilter filter) {
        String text = filter.before();
        if (text == null) {
            return null;
        }
        if (filter.offset() > 0) {
            throw ControlException.badRequest("offset and before exclude each other");
        }
        return EntryId.parse(text)
                .orElseThrow(() -> ControlException.badRequest("before must be the id of an entry of this log"));
    }

    /**
     * Of the queries that ended in a span of time. Whole minutes come from rollups, the part of a minute at the beginning
     * from its entries.
     *
     * @param since null for as far back as there is
     */
    public LogStats stats(ProjectId project, String tenant, @Nullable Instant since) {
        StatsSum sum = new StatsSum();
        long sinceMicros = since == null ? 0 : LogSearch.micros(since);
        long firstSlot = Rollups.slot(sinceMicros + Rollups.MICROS_PER_SLOT - 1);
        Deadline deadline = Deadline.in(patience);
        overFiles(project, tenant, since, (_, connection, tenantNo) -> {
            deadline.check();
            addRollups(sum, connection, tenantNo, firstSlot);
            if (sinceMicros < firstSlot * Rollups.MICROS_PER_SLOT) {
                try (TenantBlocks blocks = new TenantBlocks(connection, tenantNo, deadline)) {
                    addEntries(sum, blocks, sinceMicros, firstSlot * Rollups.MICROS_PER_SLOT);
                }
            }
            return true;
        });
        return sum.stats();
    }

    /** In whole minutes, the present one and that in which the span begins included: so rollups say it all. */
    public TenantMetrics metrics(ProjectId project, String tenant) {
        return metrics(project, tenant, Instant.EPOCH);
    }

    /** @param begin before which nothing counts: another tenant may have had the name */
    public TenantMetrics metrics(ProjectId project, String tenant, Instant begin) {
        Instant minute = clock.instant().truncatedTo(ChronoUnit.MINUTES);
        return new TenantMetrics(
                stats(project, tenant, later(minute.minus(HOUR), begin)),
                stats(project, tenant, later(minute.minus(DAY), begin)),
                stats(project, tenant, later(minute.minus(WEEK), begin)));
    }

    private static Instant later(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }

    /** Events that were lost because the ring was full or the disk failed, since the start. */
    public long dropped() {
        return events.dropped() + writer.lost();
    }

    /** What keeps it from being written at the moment; empty when nothing does. */
    public String trouble() {
        return writer.trouble();
    }

    /** Stems of files that could not be read. */
    Set<String> leftOut() {
        return Set.copyOf(leftOut);
    }

    private interface FileVisit {
        /** @return whether to go on with an older file */
        boolean visit(LogFiles.LogFile file, Connection connection, int tenantNo) throws SQLException;
    }

    private void overFiles(ProjectId project, String tenant, @Nullable Instant since, FileVisit visit) {
        try {
            for (LogFiles.LogFile file : files.list()) {
                if (since != null
                        && file.day().isBefore(since.atOffset(ZoneOffset.UTC).toLocalDate())) {
                    return;
                }
                if (!visitOne(file, project, tenant, visit)) {
                    return;
                }
            }
        } catch (SQLException | IOException e) {
            throw new ControlException(ErrorCode.UNAVAILABLE, "the query log cannot be read at the moment", e);
        }
    }

    private boolean visitOne(LogFiles.LogFile file, ProjectId project, String tenant, FileVisit visit)
            throws SQLException {
        try (Connection connection = files.open(file)) {
            OptionalInt tenantNo = tenantNumber(connection, project, tenant);
            return tenantNo.isEmpty() || visit.visit(file, connection, tenantNo.getAsInt());
        } catch (SQLException e) {
            if (LogFiles.isSpoilt(e)) {
                if (leftOut.add(file.stem())) {
                    log.atError().addKeyValue("file", file.path()).setCause(e).log("query log file cannot be read");
                }
                return true;
            }
            if (Files.exists(file.path())) {
                throw e;
            }
            return true; // its time was over between listing and opening
        }
    }

    private static OptionalInt tenantNumber(Connection connection, ProjectId project, String tenant)
            throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT no FROM tenants WHERE project = ? AND tenant = ?")) {
            statement.setString(1, project.value());
            statement.setString(2, tenant);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? OptionalInt.of(row.getInt(1)) : OptionalInt.empty();
            }
        }
    }

    private static void addRollups(StatsSum sum, Connection connection, int tenantNo, long firstSlot)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT api, count, failed, slow, held, sum_ns,"
                + " max_ns, latencies FROM rollups WHERE tenant_no = ? AND slot >= ?")) {
            statement.setInt(1, tenantNo);
            statement.setLong(2, firstSlot);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    sum.add(
                            rows.getBoolean(1),
                            rows.getLong(2),
                            rows.getLong(3),
                            rows.getLong(4),
                            rows.getLong(5),
                            rows.getLong(6),
                            rows.getLong(7),
                            rows.getBytes(8));
                }
            }
        }
    }

    /** Those that ended between two times, of which the second is excluded. */
    private static void addEntries(StatsSum sum, TenantBlocks blocks, long fromMicros, long toMicros)
            throws SQLException {
        long first = blocks.firstSince(fromMicros);
        long last = blocks.firstSince(toMicros) - 1;
        blocks.newestFirst(TenantBlocks.Holding.ANY, first, last, summary -> {
            Block block = blocks.unpack(summary);
            int oldest = (int) Math.max(0, first - summary.firstRow());
            for (int entry = (int) Math.min(block.count() - 1L, last - summary.firstRow()); entry >= oldest; entry--) {
                sum.add(
                        block.isApi(entry),
                        block.isFailed(entry),
                        block.isSlow(entry),
                        block.heldNanos(entry) > 0,
                        block.durationNanos(entry));
            }
            return true;
        });
    }
}
